import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { printTile } from '../../../codegen/tile/print.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { expectSameMeaning, kernelsInRoles, lengthsOf } from './inRoles.js';

// Left operands that stay in registers while a loop walks.

const files = [...['attention', 'ragged'].map((f) => `test/gpu/kernels/${f}.ts`), 'runtime/kernels/chunkAttention.ts', 'runtime/kernels/linear.ts'];
const held = new Map(kernelsInRoles(files, undefined, { holds: true }).map(([name, def, stages]) => [name, { def, stages }]));
const kernelAt = (name: string, stage: string): TileKernel => {
  const k = held.get(name)?.stages.get(stage);
  if (!k) throw new Error(`${name} has no stage '${stage}'`);
  return k;
};
const linesOf = (k: TileKernel): readonly string[] => printTile(k).split('\n').map((l) => l.trim());

const chained = ['fullAttention', 'causalAttention', 'raggedAttention', 'chunkAttention'] as const;

describe('an operand that every window is multiplied with', () => {
  test.each(chained)('is brought once in %s, in front of all windows', (name) => {
    const k = kernelAt(name, 'settle');
    const lines = linesOf(k);
    expect(k.tiles.find((t) => t.name === 'qTileHeld')?.layout).toBe('packed');
    const at = lines.findIndex((l) => l.startsWith('copy qTileHeld <- qTile'));
    expect(lines[at - 1]).toBe('receive qTiles');
    expect(lines.slice(at + 1).join()).not.toMatch(/copy qTileHeld|receive qTiles/);
    expect(lines.filter((l) => /^mma .* <- qTile \*/.test(l))).toEqual([]);
    expect(lines.filter((l) => /^mma .* <- qTileHeld \*/.test(l)).length).toBeGreaterThan(0);
  });

  test('does not keep windows from overlapping: the products of one begin before those of the one before are awaited', () => {
    const inLoops = linesOf(kernelAt('fullAttention', 'settle')).filter((l) => /^(mma|settle)/.test(l));
    // In front of the loop, in it, behind it.
    expect(inLoops.map((l) => (l.startsWith('settle') ? 'settle' : l.includes('qTileHeld') ? 'first' : 'last'))).toEqual(['first', 'settle', 'first', 'last', 'settle', 'settle', 'last', 'settle']);
  });

  test('is not one that changes from window to window', () => {
    expect(kernelAt('linear', 'settle').tiles.map((t) => t.name)).not.toContainEqual(expect.stringContaining('Held'));
  });
});

const edges = fc.constantFrom(0, 1, 16, 17, 33, 64, 65);
describe.each([...held].filter(([name]) => chained.some((c) => c === name)))('%s with operands held', (_name, { def, stages }) => {
  property.prop([edges, edges, fc.array(fc.constantFrom(0, 0.3, 1), { minLength: 1, maxLength: 3 }), fc.nat()], { numRuns: 3 })('means the same after every stage', (walked, rows, parts, seed) => {
    const few: Readonly<Record<string, number>> = { b: 1 + (seed % 2), g: 1 + (seed % 2), r: 1, h: 2, k: walked, e: walked };
    expectSameMeaning(def, stages, ['factors', 'roles', 'overlap', 'settle'], lengthsOf(def, parts, (axis) => few[axis] ?? rows), seed);
  });
});
