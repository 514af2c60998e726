import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import { accumulateInPlace } from '../../../codegen/tile/accumulate.js';
import { checkTile } from '../../../codegen/tile/check.js';
import { lower } from '../../../codegen/tile/lower.js';
import { splitRegions } from '../../../codegen/tile/regions.js';
import { shareStorage } from '../../../codegen/tile/storage.js';
import { expectAgreement } from './agreement.js';
import { cascade, matmul } from './programs.js';

const plain = (block: Schedule['block']): Schedule => ({ block, warps: 1, blocksPerProcessor: 1, stages: 1, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false });
const large = (k: { readonly tiles: readonly { readonly name: string; readonly shape: readonly { readonly size: number }[] }[] }): readonly string[] => k.tiles.filter((t) => t.shape.length === 2).map((t) => t.name);

describe('storage', () => {
  test('scores, masked scores and weights take turns in one tile under the name of the author', () => {
    const k = accumulateInPlace(lower(cascade(true), plain({ q: 64, k: 32 })));
    expect(large(k)).toEqual(['oTile', 'qTile', 'kTile', 'qk', 's', 'p', 'vTile', 'out']);
    expect(large(shareStorage(k))).toEqual(['oTile', 'qTile', 'kTile', 'qk', 'vTile', 'out']);
  });

  test('a program whose tiles are all alive together stays the same object', () => {
    const k = accumulateInPlace(lower(matmul(), plain({ t: 4, f: 4, e: 4 })));
    expect(shareStorage(k)).toBe(k);
  });

  property.prop([fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.boolean(), fc.boolean(), fc.nat()], { numRuns: 10 })(
    'sharing changes no result, with every other pass on or off', (q, k, accumulate, regions, seed) => {
      const launch = cascade(true);
      let t = lower(launch, plain({ q: 32, k: 32 }));
      if (accumulate) t = accumulateInPlace(t);
      t = shareStorage(t);
      if (regions) t = splitRegions(t);
      checkTile(t, 'storage');
      expectAgreement(launch.def, [t], { q, k, d: 8 }, seed);
    },
  );
});
