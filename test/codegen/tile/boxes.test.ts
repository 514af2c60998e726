import { expect, test } from 'vitest';
import { kernelsInRoles } from './inRoles.js';

const source = (body: string): string => `import { dot, type In, kernel, type Out, rename } from 'warpfold/dsl';
export const product = kernel('product', { q: 'dynamic', p: 'dynamic', e: 'dynamic' }, ${body});
`;

test('a tensor that is read in boxes of two shapes has no one map: its product is not for warpgroups', () => {
  const made = (body: string): readonly string[] => kernelsInRoles(['product.ts'], { 'product.ts': source(body) }).map((k) => k[0]);
  expect(made("(x: In<'bf16', ['q', 'e']>, y: In<'bf16', ['p', 'e']>): Out<'f32', ['q', 'p']> => dot(x, y, 'e')")).toHaveLength(1);
  expect(() => made("(x: In<'bf16', ['q', 'e']>): Out<'f32', ['q', 'p']> => dot(x, rename(x, 'q', 'p'), 'e')")).toThrow("'x' is read in boxes of two shapes");
});
