import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { statements } from '../../../codegen/tile/walk.js';
import { expectAgreement } from './agreement.js';
import { kernelsInRoles } from './inRoles.js';

// Masks that hide windows from some warpgroups of a block and not from others.

const masked = ['causalAttention', 'endCausalAttention', 'slidingWindowMask', 'prefixMask'];
const of = (consumers: 2 | 3) => kernelsInRoles(['test/gpu/kernels/attention.ts', 'test/gpu/kernels/masks.ts'], undefined, { consumers }).filter(([name]) => masked.includes(name));
const kernels = [...of(2), ...of(3)].map(([name, def, stages]) => ({ name, def, last: [...stages.values()].at(-1) as TileKernel }));

describe('warpgroups with rows of their own', () => {
  property.prop([fc.constantFrom(...kernels), fc.record({ q: fc.integer({ min: 1, max: 200 }), k: fc.integer({ min: 0, max: 220 }) }), fc.nat()], { numRuns: 12 })(
    'compute what the graph says, whatever windows they leave out', ({ def, last }, { q, k }, seed) => {
      expectAgreement(def, [last], { b: 1, q, k, g: 1, r: 1, d: 64 }, seed);
    },
  );

  test('all take every window that they clear together', () => {
    const [[, , stages] = []] = kernelsInRoles(['runtime/kernels/chunkAttention.ts'], undefined, { consumers: 3 }).filter(([name]) => name === 'chunkAttention');
    const all = statements([...(stages?.values() ?? [])].at(-1)?.body ?? []);
    expect(all.filter((s) => s.kind === 'clear').length).toBeGreaterThan(0);
    expect(all.filter((s) => s.kind === 'own')).toHaveLength(1);
    expect(all.filter((s) => s.kind === 'loop' && !statements(s.body).some((x) => x.kind === 'mma'))).toEqual([]);
  });

  test.each(kernels)('know from where $name masks their rows', ({ last }) => {
    expect(statements(last.body).filter((s) => s.kind === 'own')).toMatchObject([{ axis: 'q', rows: 64 }]);
  });

  test.each(kernels.filter((k) => k.name !== 'slidingWindowMask'))('receive and release what $name hides from all of them', ({ last }) => {
    const passing = statements(last.body).filter((s) => s.kind === 'loop').filter((s) => s.body.every((x) => x.kind === 'receive' || x.kind === 'release'));
    expect(passing.map((s) => s.body.map((x) => x.kind))).toEqual([['receive', 'release', 'receive', 'release']]);
  });
});
