import { afterAll, describe, expect, test } from 'vitest';
import type { KernelEntry } from '../../dsl/manifest.js';
import { openCpu } from '../../runtime/cpu.js';

// As compiled from sum(y · rename(y, 'c', 'e')) and a merge of k and h into i: no tensor shows e or i, and h is a choice of variants.
const entry: KernelEntry = {
  source: 'pairs.ts',
  params: [{ name: 'y', dtype: 'f32', order: ['k', 'c'] }],
  results: [{ name: 'out', dtype: 'f32', order: ['k'] }],
  sizes: { k: { kind: 'dynamic' }, c: { kind: 'dynamic' }, e: { kind: 'dynamic' }, h: { kind: 'fixed', sizes: [4] }, i: { kind: 'dynamic' } },
  follows: [{ axis: 'e', of: ['c'] }, { axis: 'i', of: ['k', 'h'] }],
  variants: [{ variant: 'h4', target: 'cpu', dtypes: {}, fixed: { h: 4 }, scratch: [], launches: [], certificates: [] }],
};

const withoutRelations: KernelEntry = { source: entry.source, params: entry.params, results: entry.results, sizes: entry.sizes, variants: entry.variants };

describe('the length of an axis made inside a kernel', () => {
  const device = openCpu({ manifest: { kernels: { pairs: entry, withoutRelations } }, kernelsDir: '' });
  afterAll(() => device[Symbol.asyncDispose]());
  const launch = (name: string, sizes: Readonly<Record<string, number>>): void => {
    using y = device.alloc('f32', [3, 5]);
    using out = device.alloc('f32', [3]);
    device.launch(name, { y }, { out }, sizes);
  };

  test('follows from the tensors and from the variant', () => {
    expect(() => launch('withoutRelations', {})).toThrow(expect.objectContaining({ code: 'R108' }));
    expect(() => launch('pairs', {})).not.toThrow();
  });

  test('may be given as well, if it fits', () => {
    expect(() => launch('pairs', { e: 5, i: 12 })).not.toThrow();
    expect(() => launch('pairs', { e: 6 })).toThrow(expect.objectContaining({ code: 'R106', message: expect.stringContaining("'e' is 6, but 'c' is 5: the kernel makes 'e' of 'c'") }));
    expect(() => launch('pairs', { i: 13 })).toThrow(expect.objectContaining({ code: 'R106', message: expect.stringContaining("'i' is 13, no multiple of 'k', which is 3: the kernel makes 'i' of 'k' · 'h'") }));
  });
});
