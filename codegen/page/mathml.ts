import { html } from 'hono/html';
import type { BinaryOp, Scalar } from '../../dsl/scalar.js';
import type { Html } from './highlight.js';

/** An identifier: one letter slanted, more upright, digits at its end as an index, primes behind it. */
export function identifier(name: string, index?: Html): Html {
  const [, stem = name, digits = '', primes = ''] = /^(.*?[^\d_])_?(\d*)([′″]*)$/u.exec(name) ?? [];
  const below = index !== undefined && digits !== '' ? html`<mrow><mn>${digits}</mn><mo>,</mo>${index}</mrow>` : (index ?? (digits === '' ? undefined : html`<mn>${digits}</mn>`));
  const base = below === undefined ? html`<mi>${stem}</mi>` : html`<msub><mi>${stem}</mi>${below}</msub>`;
  return primes === '' ? base : html`<mrow>${base}<mo lspace="0" rspace="0.06em">${primes}</mo></mrow>`;
}

const row = (...parts: readonly Html[]): Html => html`<mrow>${parts}</mrow>`;
const operator = (text: string): Html => html`<mo>${text}</mo>`;
const parenthesised = (inner: Html): Html => row(operator('('), inner, operator(')'));
const call = (name: string, ...args: readonly Html[]): Html => row(html`<mi>${name}</mi>`, operator('('), ...args.flatMap((a, i) => (i === 0 ? [a] : [operator(','), a])), operator(')'));

/** How tightly an operator binds, and its sign; calls and fractions stand by themselves. */
type Notation = { readonly kind: 'infix'; readonly sign: string; readonly level: number } | { readonly kind: 'call' | 'fraction' | 'power' };
const infix = (sign: string, level: number): Notation => ({ kind: 'infix', sign, level });
const notations: Readonly<Record<BinaryOp, Notation>> = {
  or: infix('∨', 1), and: infix('∧', 2), eq: infix('=', 3), lt: infix('<', 3), le: infix('≤', 3), add: infix('+', 5), sub: infix('−', 5), mul: infix('·', 6), rem: infix('mod', 6),
  div: { kind: 'fraction' }, pow: { kind: 'power' }, max: { kind: 'call' }, min: { kind: 'call' },
};

/** Scalar code in mathematical notation; `names` are its operands, in notation already. In parentheses where it binds less tightly than `level`. */
export function mathOf(s: Scalar, names: readonly Html[], level = 0): Html {
  const wrap = (inner: Html, own: number): Html => (own < level ? parenthesised(inner) : inner);
  const go = (x: Scalar, at = 0): Html => mathOf(x, names, at);
  switch (s.kind) {
    case 'lit': return s.value < 0 ? wrap(number(s.value), 5) : number(s.value);
    case 'arg': return names[s.index] ?? identifier(`x${s.index - names.length}`);
    case 'pos': return html`<mi>${s.axis}</mi>`;
    case 'size': return row(operator('|'), html`<mi>${s.axis}</mi>`, operator('|'));
    case 'unary': return unaryMath(s.op, s.a, go, wrap);
    case 'binary': {
      if (s.op === 'mul') return product(s, names, level);
      const how = notations[s.op];
      switch (how.kind) {
        case 'infix': return wrap(row(go(s.a, how.level), operator(how.sign), go(s.b, how.level + 1)), how.level);
        case 'fraction': return html`<mfrac>${row(go(s.a))}${row(go(s.b))}</mfrac>`;
        case 'power': return html`<msup>${row(go(s.a, 8))}${row(go(s.b))}</msup>`;
        case 'call': return call(s.op, go(s.a), go(s.b));
        default: return how satisfies never;
      }
    }
    case 'select': return row(html`<mtable class="cases"><mtr><mtd>${go(s.a)}</mtd><mtd><mtext>where&nbsp;</mtext>${go(s.cond)}</mtd></mtr><mtr><mtd>${go(s.b)}</mtd><mtd><mtext>otherwise</mtext></mtd></mtr></mtable>`);
    default: return s satisfies never;
  }
}

/** Numbers first, and equal factors as powers. */
function product(s: Scalar, names: readonly Html[], level: number): Html {
  const factors = factorsOf(s);
  const counts = new Map<string, { readonly factor: Scalar; count: number }>();
  for (const factor of [...factors.filter((f) => f.kind === 'lit'), ...factors.filter((f) => f.kind !== 'lit')]) {
    const known = counts.get(keyOf(factor));
    if (known === undefined) counts.set(keyOf(factor), { factor, count: 1 });
    else known.count++;
  }
  const shown = [...counts.values()].map(({ factor, count }, i) => (count === 1 ? mathOf(factor, names, i === 0 ? 6 : 7) : html`<msup>${row(mathOf(factor, names, 8))}<mn>${count}</mn></msup>`));
  const inner = row(...shown.flatMap((f, i) => (i === 0 ? [f] : [operator('·'), f])));
  return level > 6 && shown.length > 1 ? parenthesised(inner) : inner;
}

const factorsOf = (s: Scalar): readonly Scalar[] => (s.kind === 'binary' && s.op === 'mul' ? [...factorsOf(s.a), ...factorsOf(s.b)] : [s]);
/** The same for scalar code that says the same, wherever it stands. */
const keyOf = (s: Scalar): string => JSON.stringify(s, (name, value: unknown) => (name === 'span' ? undefined : Object.is(value, -0) ? '-0' : value));

function unaryMath(op: Extract<Scalar, { kind: 'unary' }>['op'], a: Scalar, go: (x: Scalar, at?: number) => Html, wrap: (inner: Html, own: number) => Html): Html {
  switch (op) {
    case 'exp': return html`<msup><mi>e</mi>${row(go(a))}</msup>`;
    case 'exp2': return html`<msup><mn>2</mn>${row(go(a))}</msup>`;
    case 'sqrt': return html`<msqrt>${go(a)}</msqrt>`;
    case 'rsqrt': return html`<mfrac><mn>1</mn><msqrt>${go(a)}</msqrt></mfrac>`;
    case 'neg': return wrap(row(operator('−'), go(a, 6)), 5);
    case 'not': return wrap(row(operator('¬'), go(a, 8)), 7);
    case 'abs': return row(operator('|'), go(a), operator('|'));
    case 'floor': return row(operator('⌊'), go(a), operator('⌋'));
    case 'ceil': return row(operator('⌈'), go(a), operator('⌉'));
    case 'log': return call('ln', go(a));
    case 'log2': return row(html`<msub><mi>log</mi><mn>2</mn></msub>`, parenthesised(go(a)));
    case 'sin': case 'cos': case 'tanh': case 'trunc': return call(op, go(a));
    default: return op satisfies never;
  }
}

/** Infinities, ln 2 and large powers of two by their names, else digits. */
export function number(x: number): Html {
  const size = Math.abs(x);
  const power = Math.log2(size);
  const [mantissa = '', exponent] = size.toExponential(2).split('e');
  const plain = !Number.isFinite(x) ? (Number.isNaN(x) ? html`<mi>NaN</mi>` : html`<mi>∞</mi>`)
    : size === Math.LN2 ? call('ln', html`<mn>2</mn>`)
    : size > 2 ** 20 && Number.isInteger(power) ? html`<msup><mn>2</mn><mn>${power}</mn></msup>`
    : size > 2 ** 20 ? row(html`<mn>${mantissa}</mn>`, operator('·'), html`<msup><mn>10</mn><mn>${Number(exponent)}</mn></msup>`)
    : html`<mn>${Number(size.toPrecision(7))}</mn>`;
  return x < 0 ? row(operator('−'), plain) : plain;
}

/** A formula on a line of its own. */
export const formula = (...parts: readonly Html[]): Html => html`<math display="block"><mrow>${parts}</mrow></math>`;
/** A formula within a sentence. */
export const inlineFormula = (...parts: readonly Html[]): Html => html`<math><mrow>${parts}</mrow></math>`;
