import { describe, expect, test } from 'vitest';
import { compileFor } from '../../../codegen/compile.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { statements } from '../../../codegen/tile/walk.js';

const sources = readKernels(['test/gpu/kernels/columns.ts']);

/** The launch that serves any shape and sums over rows, on Hopper. */
function sumsOf(name: string): TileKernel {
  const source = sources.find((s) => s.name === name);
  const of = source && { ...source, variants: source.variants.filter((v) => v.variant === 'bf16_d128') };
  const last = of && compileFor(of, ['sm_90a']).variants.at(-1)?.launches.at(-1)?.kernel;
  if (!last) throw new Error(`no launch of '${name}'`);
  return last;
}

describe('sums per key over all rows', () => {
  const sums = sumsOf('allColumns');
  test('are made by warpgroups that have the keys, beside a ring of rows', () => {
    expect(sums.roles?.channels.map((c) => [c.name, c.stages])).toEqual([['kTiles', 1], ['qTiles', 4]]);
    expect(sums.schedule.block).toMatchObject({ k: 192, q: 128 });
  });

  test('begin with the first keys of all heads: a mask lets later keys be seen by fewer rows', () => {
    expect(sums.grid.map((g) => g.axis)).toEqual(['k', 'b', 'g', 'r']);
    expect(sums.schedule.order).toBe('natural');
  });

  test('read one number per row, on its way while the product runs', () => {
    const inner = statements(sums.body).flatMap((s) => (s.kind === 'loop' ? [s.body.map((x) => x.kind)] : []));
    expect(inner).toEqual([['receive', 'mma', 'load', 'settle', 'release', 'when', 'reduce']]);
  });
});

test('a walk that a mask ends within a window stays with warps: of a window of 128 rows 8 would count', () => {
  const sums = sumsOf('tailColumns');
  expect(sums.roles).toBeUndefined();
  expect(sums.schedule.block).toMatchObject({ q: 8 });
});
