import { describe, expect, test } from 'vitest';
import { readKernels } from '../../../codegen/frontend/project.js';
import { resolveReaxis } from '../../../codegen/graph/reaxis.js';
import { certificateText } from '../../../codegen/stream/certificateText.js';
import { stream } from '../../../codegen/stream/derive.js';
import { verify } from '../../../codegen/stream/verify.js';
import { nodesOf } from '../../../dsl/walk.js';

const kernels = readKernels(['normLinear', 'swiglu', 'linearRope'].map((f) => `runtime/kernels/${f}.ts`));

/** The certificates of a kernel's loops in bf16. */
function derivation(name: string): string {
  const def = kernels.find((k) => k.name === name)?.variants.find((v) => v.variant.startsWith('bf16'));
  if (!def) throw new Error(`no kernel ${name}`);
  const loops = new Set(nodesOf(stream(resolveReaxis(def)).results.map((r) => r.value)).flatMap((e) => (e.kind === 'fold' ? [e.loop] : [])));
  return [...loops].map((l) => { verify(l.certificate); return certificateText(l); }).join('\n');
}

describe('a norm in front of projections', () => {
  test('leaves their sums: squares and products stream together, and the root divides once a row, behind the cast', () => {
    expect(derivation('normLinear')).toMatchInlineSnapshot(`
      "fold over e, normed.ts:5–11                                 certificate 554a
        atoms      a0 = map(x, (x) => x * x) (line 5)     x (line 11)     gain (line 11)     w (line 11)
        squares  +    a0                   T = 1      p = 1
        out      +    x·gain·w             T = 1      p = 1
        result     out·(1 / sqrt((squares / max(|e|, 1)) + x0))"
    `);
  });

  test('is one sum of squares for two products', () => {
    expect(derivation('normSwiglu')).toMatchInlineSnapshot(`
      "fold over e, normed.ts:5–16                                 certificate 3fb8
        atoms      a0 = map(x, (x) => x * x) (line 5)     x (line 16)     gain (line 16)     gate (line 16)     up (line 16)
        squares  +    a0                   T = 1      p = 1
        a        +    x·gain·gate          T = 1      p = 1
        b        +    x·gain·up            T = 1      p = 1
        result     (a·(1 / sqrt((squares / max(|e|, 1)) + x0)) / (1 + e^−a·(1/sqrt((squares/max(|e|, 1))+x0))))·b·(1 / sqrt((squares / max(|e|, 1)) + x0))"
    `);
  });

  test('divides before bias and rotation', () => {
    expect(derivation('normLinearRopeBias')).toMatchInlineSnapshot(`
      "fold over e, normed.ts:5–52                                 certificate 4cbb
        atoms      a0 = map(x, (x) => x * x) (line 5)     x (line 52)     gain (line 52)     w (line 52)
        squares  +    a0                   T = 1      p = 1
        y        +    x·gain·w             T = 1      p = 1
        result     y·(1 / sqrt((squares / max(|e|, 1)) + x0)) + x1"
    `);
  });
});
