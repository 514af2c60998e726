import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import { mapBlocks, statements } from '../../../codegen/tile/walk.js';
import { inputsOf } from './agreement.js';
import { kernelsInRoles, lengthsOf, outputsOf } from './inRoles.js';
import { settledChecker } from './settled.js';

const kernels = kernelsInRoles([...['attention', 'masks', 'scoreMods', 'ragged', 'rows'].map((f) => `test/gpu/kernels/${f}.ts`), ...['linear', 'linearRope', 'swiglu', 'normLinear', 'chunkAttention'].map((f) => `runtime/kernels/${f}.ts`)]);
const few: Readonly<Record<string, number>> = { b: 1, g: 1, r: 1, h: 1 };

/** Throws what is wrong with the order of a program's statements where walked axes are so long, three windows in all of them at most. */
function follow(k: TileKernel, def: (typeof kernels)[number][1], walked: number, seed: number): void {
  const lengths = lengthsOf(def, [1, 0, 0.5], (axis) => few[axis] ?? walked);
  outputsOf(k, def, inputsOf(def, lengths, seed), lengths, settledChecker(k.schedule.persistent));
}
const settledOf = (stages: ReadonlyMap<string, TileKernel>): TileKernel => stages.get('settle') ?? expect.unreachable('no last stage');

/** Programs without one of the statements of a kind, each. */
function without(k: TileKernel, kind: TileStmt['kind']): readonly TileKernel[] {
  return statements(k.body).filter((s) => s.kind === kind).map((gone) => ({ ...k, body: mapBlocks(k.body, (block) => (block.includes(gone) ? block.filter((s) => s !== gone) : block)) }));
}

describe.each(kernels)('%s', (_name, def, stages) => {
  property.prop([fc.constantFrom(0, 1, 16, 17, 40, 64), fc.nat()], { numRuns: 4 })('awaits every product before its result is read, and gives back once nothing reads it every window whose place is sent to again', (walked, seed) => follow(settledOf(stages), def, walked, seed));
});

describe.each(kernels.filter(([name]) => ['fullAttention', 'linear', 'swiglu', 'normLinear', 'chunkAttention'].includes(name)))('%s: the checker sees', (_name, def, stages) => {
  test.each(['settle', 'release', 'receive'] as const)('that a %s is gone, whichever', (kind) => {
    const broken = without(settledOf(stages), kind);
    expect(broken.length).toBeGreaterThan(0);
    for (const k of broken) expect(() => follow(k, def, 130, 1), statements(k.body).length.toString()).toThrow();
  });

  test('that none is there', () => expect(() => follow(stages.get('overlap') ?? expect.unreachable('no stage'), def, 64, 1)).toThrow(/may still run|reads the window|still runs/));
});
