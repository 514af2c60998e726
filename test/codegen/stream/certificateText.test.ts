import { describe, expect, test } from 'vitest';
import { certificateHash, certificateText } from '../../../codegen/stream/certificateText.js';
import { stream } from '../../../codegen/stream/derive.js';
import { verify } from '../../../codegen/stream/verify.js';
import type { FoldLoop } from '../../../dsl/expr.js';
import { nodesOf } from '../../../dsl/walk.js';
import { programs } from './programs.js';

const suite = programs('masks', 'variants', 'statistics');
function loop(name: string): FoldLoop {
  const def = suite.get(name);
  const found = def && nodesOf(stream(def).results.map((r) => r.value)).flatMap((e) => (e.kind === 'fold' ? [e.loop] : [])).at(-1);
  if (!found) throw new Error(`no fold in ${name}`);
  return found;
}

describe('a certificate as text', () => {
  test('names atoms and references, and shows basis, T and dimension of every state', () => {
    expect(certificateText(loop('entropy'))).toMatchInlineSnapshot(`
      "fold over k, statistics.ts:5                                certificate 875d
        atoms      s (line 5)
        reference  m = max s    author    start −2¹⁰⁰    slack 0
        l        +    e^(s−m)              T = [e^(m−m′), 0]      p = 2
        acc      +    e^(s−m)·(s − m)      T = [e^(m−m′)·(m − m′), e^(m−m′)]      p = 2
        result     acc·−(1 / l) + l·(log(l) / l)"
    `);
  });

  test('an exponent with a scale is in base 2, and its results in the author\'s units', () => {
    expect(certificateText(loop('causalMask'))).toMatchInlineSnapshot(`
      "fold over k, masks.ts:15                                    certificate 30a6
        atoms      a0 = map(scores(q, k, scale), (s, at) => (causal(at.… (line 15)     v (line 15)
        reference  m = max a0    author    start −1.829·10^30    slack 0
        l        +    2^(a0−m)             T = 2^(m−m′)      p = 1
        o        +    2^(a0−m)·v           T = 2^(m−m′)      p = 1
        result     o·(l = 0 ? 0 : (1 / l))            m·ln 2 + log(l)"
    `);
  });

  test('says what was checked', () => {
    const l = loop('unsafe');
    expect(certificateText(l, verify(l.certificate, () => 3e-16, 64))).toMatchInlineSnapshot(`
      "fold over k, variants.ts:7                                  certificate ff5f
        atoms      s (line 7)     v (line 7)
        reference  m = max s    introduced    start −2¹⁰⁰    slack 0
        l        +    e^(s−m)              T = e^(m−m′)      p = 1
        o        +    e^(s−m)·v            T = e^(m−m′)      p = 1
        result     o·(1 / l)            log(l) + m
        checked    transport ✓  composition ✓  monoid ✓  range ✓  64 random partitions: 3e-16"
    `);
  });

  test('its hash does not depend on the place in the source, and tells derivations apart', () => {
    const [a, b] = [loop('entropy'), loop('unsafe')];
    const moved: FoldLoop = { ...a, certificate: { ...a.certificate, atoms: a.certificate.atoms.map((s) => ({ ...s, line: s.line + 100, file: 'elsewhere.ts' })) } };
    expect(certificateHash(moved)).toBe(certificateHash(a));
    expect(certificateHash(a)).not.toBe(certificateHash(b));
    expect(certificateHash(a)).toMatch(/^[0-9a-f]{4}$/);
  });
});
