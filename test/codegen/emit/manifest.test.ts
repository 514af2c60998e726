import { expect, test } from 'vitest';
import { manifestText } from '../../../codegen/emit/manifest.js';
import type { Manifest } from '../../../dsl/manifest.js';

const manifest: Manifest = {
  kernels: {
    zeroes: { source: 'k/zeroes.ts', params: [], results: [{ name: 'out', dtype: 'f32', order: ['q'] }], sizes: { q: { kind: 'dynamic' } }, variants: [] },
    linear: {
      source: "k/it's.ts", params: [{ name: 'x', dtype: 'E', order: ['q', 'e'] }], results: [{ name: 'out', dtype: 'E', order: ['q'] }],
      sizes: { q: { kind: 'dynamic' }, e: { kind: 'fixed', sizes: [64, 128] } },
      variants: [{
        variant: 'f32', target: 'cpu', dtypes: { E: 'f32' }, fixed: { e: 64 }, scratch: [], certificates: ['9a0c'],
        launches: [{ symbol: 'linear_f32', file: 'cpu/linear.cpp', args: [{ kind: 'param', name: 'x' }, { kind: 'size', axis: 'q' }], grid: [{ axis: 'q', block: 64 }], threads: 1, sharedBytes: 0 }],
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
