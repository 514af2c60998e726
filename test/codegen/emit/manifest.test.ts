import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { manifestOf, manifestText } from '../../../codegen/emit/manifest.js';
import type { Manifest } from '../../../dsl/manifest.js';

const manifest: Manifest = {
  kernels: {
    zeroes: { source: 'k/zeroes.ts', params: [], results: [{ name: 'out', dtype: 'f32', order: ['q'] }], sizes: { q: { kind: 'dynamic' } }, variants: [] },
    linear: {
      source: "k/it's.ts", params: [{ name: 'x', dtype: 'E', order: ['q', 'e'] }], results: [{ name: 'out', dtype: 'E', order: ['q'] }],
      sizes: { q: { kind: 'dynamic' }, e: { kind: 'fixed', sizes: [64, 128] } },
      variants: [{
        variant: 'f32', target: 'cpu', dtypes: { E: 'f32' }, fixed: { e: 64 }, scratch: [], certificates: ['9a0c'],
        launches: [{ symbol: 'linear_f32', file: 'cpu/linear.cpp', line: 9, args: [{ kind: 'param', name: 'x' }, { kind: 'size', axis: 'q' }], grid: [{ axis: 'q', block: 64 }], threads: 1, sharedBytes: 0 }],
      }],
    },
  },
};

test('the manifest is a typed constant, kernels by name, what fits on one line', () => {
  expect(manifestText(manifest)).toBe(`// What the generated kernels take and where they are. By \`warpfold compile\`; do not edit.
import type { Manifest } from '../dsl/manifest.js';

export const manifest = {
  kernels: {
    linear: {
      source: 'k/it\\'s.ts',
      params: [{ name: 'x', dtype: 'E', order: ['q', 'e'] }],
      results: [{ name: 'out', dtype: 'E', order: ['q'] }],
      sizes: { q: { kind: 'dynamic' }, e: { kind: 'fixed', sizes: [64, 128] } },
      variants: [
        {
          variant: 'f32',
          target: 'cpu',
          dtypes: { E: 'f32' },
          fixed: { e: 64 },
          scratch: [],
          certificates: ['9a0c'],
          launches: [
            {
              symbol: 'linear_f32',
              file: 'cpu/linear.cpp',
              line: 9,
              args: [{ kind: 'param', name: 'x' }, { kind: 'size', axis: 'q' }],
              grid: [{ axis: 'q', block: 64 }],
              threads: 1,
              sharedBytes: 0,
            },
          ],
        },
      ],
    },
    zeroes: { source: 'k/zeroes.ts', params: [], results: [{ name: 'out', dtype: 'f32', order: ['q'] }], sizes: { q: { kind: 'dynamic' } }, variants: [] },
  },
} as const satisfies Manifest;
`);
});

test('a project that installed the package imports the type from it', () => {
  expect(manifestText(manifest, 'warpfold/dsl')).toContain("import type { Manifest } from 'warpfold/dsl';");
});

/** Names and texts with all that quoting must survive. */
const word = fc.oneof(fc.string(), fc.constantFrom("it's", 'a: b', '},', "\\'", 'new\nline', "', ]"));
const anyManifest: fc.Arbitrary<Manifest> = fc.record({
  kernels: fc.dictionary(word.filter((w) => w !== '__proto__'), fc.record({
    source: word, params: fc.array(fc.record({ name: word, dtype: word, order: fc.array(word) })), results: fc.constant([]), sizes: fc.constant({ q: { kind: 'dynamic' as const } }), variants: fc.constant([]),
  })),
});

property.prop([anyManifest])('a manifest is read back from its text', (m) => {
  expect(manifestOf(manifestText(m))).toEqual(m);
  expect(manifestOf(manifestText(manifest))).toEqual(manifest);
});
