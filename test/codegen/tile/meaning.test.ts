import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { expectSameMeaning, kernelsInRoles, lengthsOf, randomInRoles } from './inRoles.js';

const later = ['fused', 'factors', 'roles', 'overlap', 'settle'];
const gpu = ['attention', 'masks', 'scoreMods', 'ragged', 'rows'].map((f) => `test/gpu/kernels/${f}.ts`);
const shipped = ['linear', 'linearAdd', 'linearRope', 'swiglu', 'normLinear', 'chunkAttention'].map((f) => `runtime/kernels/${f}.ts`);
const authored = kernelsInRoles([...gpu, ...shipped]);
const random = kernelsInRoles(['random.ts'], randomInRoles(fc.readConfigureGlobal().seed ?? 1, 40));
const edges = fc.constantFrom(0, 1, 15, 16, 17, 33, 48, 63, 64, 65);

test('products of attention, of matrices and of random code are for warpgroups', () => {
  expect(authored.map(([name]) => name)).toEqual(expect.arrayContaining(['fullAttention', 'causalAttention', 'windowAttention', 'documentMask', 'alibi', 'softcap', 'raggedAttention', 'linear', 'normLinear', 'swiglu', 'chunkAttention']));
  expect(random.length).toBeGreaterThan(5);
});

describe.each([...authored, ...random])('%s', (_name, def, stages) => {
  property.prop([edges, fc.array(edges, { minLength: 3, maxLength: 3 }), fc.array(fc.constantFrom(0, 0.3, 1), { minLength: 1, maxLength: 3 }), fc.nat()], { numRuns: 3 })('means the same after every stage', (walked, others, parts, seed) => {
    const few: Readonly<Record<string, number>> = { b: 1 + (seed % 2), g: 1 + (seed % 2), r: 1, h: 2, k: walked, e: walked, n: walked };
    expectSameMeaning(def, stages, later, lengthsOf(def, parts, (axis) => few[axis] ?? others[axis.charCodeAt(0) % 3] ?? 1), seed);
  });
});
