import { expect, test } from 'vitest';
import { sizeRelations } from '../../../codegen/graph/relations.js';
import type { KernelDef, SizeRule } from '../../../dsl/definition.js';
import type { Axis, TensorExpr } from '../../../dsl/expr.js';
import { dot, input, reaxis, reduce } from '../../../dsl/ops.js';
import { at, dynamic, fixed, launchOf } from '../tile/programs.js';

const y = input('y', 'f32', ['k', 'c'], at);
const renamed = reaxis(y, { kind: 'rename', from: 'c', to: 'e' }, at);
const merged = reduce('sum', reaxis(y, { kind: 'merge', outer: 'k', inner: 'c', size: 4, to: 'i' }, at), 'i', at);
const halves = reduce('sum', reaxis(y, { kind: 'split', from: 'k', outer: 'o', inner: 'h', size: 2 }, at), 'o', at);
const def = (sizes: Readonly<Record<Axis, SizeRule>>, order: readonly Axis[], value: TensorExpr): KernelDef => launchOf('made', { k: dynamic, c: dynamic, ...sizes }, [['out', order, value]], [y]).def;

test('an axis made inside a kernel has the length of what it is made of', () => {
  expect(sizeRelations(def({ e: dynamic }, ['k'], dot(renamed, reduce('sum', renamed, 'k', at), 'e', at)))).toEqual([{ axis: 'e', of: ['c'] }]);
  expect(sizeRelations(def({ c: fixed(4), i: dynamic }, [], merged))).toEqual([{ axis: 'i', of: ['k', 'c'] }]);
  expect(sizeRelations(def({ o: dynamic, h: fixed(2) }, ['h', 'c'], halves))).toEqual([{ axis: 'k', of: ['o', 'h'] }]);
});

test('nothing is said of an axis that a tensor shows, has a number for a length, or is packed', () => {
  expect(sizeRelations(def({ e: dynamic }, ['k', 'e'], renamed))).toEqual([]);
  expect(sizeRelations(def({ c: fixed(4), e: fixed(4) }, ['k'], reduce('sum', renamed, 'e', at)))).toEqual([]);
  expect(sizeRelations(def({ c: { kind: 'ragged', by: 'k' }, e: { kind: 'ragged', by: 'k' } }, ['k'], reduce('sum', renamed, 'e', at)))).toEqual([]);
});
