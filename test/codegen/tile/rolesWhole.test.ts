import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { Launch } from '../../../codegen/graph/launch.js';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import { sm90a } from '../../../codegen/targets/sm90a.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { statements } from '../../../codegen/tile/walk.js';
import { launchTiles } from '../../../codegen/tilePasses.js';
import { dot, input, map } from '../../../dsl/ops.js';
import { binary } from '../../../dsl/scalar.js';
import { expectAgreement } from './agreement.js';
import { at, dynamic, launchOf, mul, named, sumFold, x0, x1 } from './programs.js';

// Programs whose blocks have roles, behind all passes: what is sent, multiplied and stored is what the graph says.

const schedule = (block: Schedule['block']): Schedule =>
  ({ block, warps: 4, blocksPerProcessor: 1, stages: 2, splits: 1, roles: { by: 'warpgroups', consumers: 1, registers: [40, 240] }, overlap: 'none', order: 'natural', persistent: true });
const x = input('x', 'bf16', ['q', 'e'], at);
const [w, v] = [input('w', 'bf16', ['f', 'e'], at), input('v', 'bf16', ['f', 'e'], at)];
const product = (name: string, of: typeof w): ReturnType<typeof sumFold> => sumFold(name, 'e', dot(x, of, 'e', named(`x${name}`)));
const sizes = { q: dynamic, e: dynamic, f: dynamic };

/** out = r + x·w: what meets the accumulators comes in panels. */
function added(): Launch {
  const r = input('r', 'f32', ['q', 'f'], at);
  return launchOf('added', sizes, [['out', ['q', 'f'], map(binary('add', x0, x1), [product('y', w), r], named('out'))]], [x, w, r]);
}
/** out = x·w times x·v, a loop each. */
const gated = (): Launch => launchOf('gated', sizes, [['out', ['q', 'f'], map(mul(x0, x1), [product('y', w), product('z', v)], named('out'))]], [x, w, v]);
/** out[q, h, f] = x·u: a block has two heads, whose products are one. */
function heads(): Launch {
  const u = input('u', 'bf16', ['h', 'f', 'e'], at);
  return launchOf('heads', { ...sizes, h: dynamic }, [['out', ['q', 'h', 'f'], sumFold('y', 'e', dot(x, u, 'e', named('xu')))]], [x, u]);
}

const compiled = (l: Launch, block: Schedule['block'] = { q: 64, f: 64, e: 64 }): TileKernel => launchTiles(l, schedule(block), sm90a);
const cases = { added: [added(), compiled(added())], gated: [gated(), compiled(gated())], heads: [heads(), compiled(heads(), { q: 64, f: 64, e: 64, h: 2 })] } as const;

describe('blocks with roles', () => {
  property.prop([fc.constantFrom(...(Object.keys(cases) as (keyof typeof cases)[])), fc.record({ q: fc.integer({ min: 1, max: 70 }), e: fc.integer({ min: 0, max: 70 }), f: fc.integer({ min: 1, max: 70 }), h: fc.integer({ min: 1, max: 3 }) }), fc.nat()], { numRuns: 9 })(
    'do what the graph says at any sizes', (which, lengths, seed) => {
      const [launch, k] = cases[which];
      expectAgreement(launch.def, [k], lengths, seed);
    },
  );

  test('send what meets the accumulators from a thread of its own, a line at a time', () => {
    const { roles } = cases.added[1];
    expect(roles?.channels.map((c) => c.loads.map((l) => `${l.dst.name} ${l.dst.layout}`))).toEqual([['rTile panels'], ['xTile operand', 'wTile operand']]);
    expect(roles?.loading.map((own) => statements(own).map((s) => (s.kind === 'send' ? s.channel.name : s.kind)))).toEqual([['loop', 'xTileAndwTiles'], ['rTiles']]);
  });

  test('multiply once a window for all heads, by what travels together', () => {
    const [, k] = cases.heads;
    expect(statements(k.body).filter((s) => s.kind === 'mma').map((s) => s.beside?.length)).toEqual([1]);
    expect(k.roles?.channels.map((c) => c.loads.length)).toEqual([3]);
  });

  test('store in lines, f32 as well', () => {
    for (const [, k] of Object.values(cases)) for (const s of k.body) if (s.kind === 'store') expect(s.through?.lines.layout).toBe('panels');
  });
});
