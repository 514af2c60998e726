import type { Certificate } from '../../dsl/certificate.js';
import type { FoldLoop } from '../../dsl/expr.js';
import type { BinaryOp, Scalar } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import type { Verification } from './verify.js';

/** A certificate as its reader sees it: atoms, references, each state with its basis, T and dimension, results, checks. */
export function certificateText(loop: FoldLoop, checked?: Verification): string {
  const c = loop.certificate;
  const names = namesOf(c);
  const title = `fold over ${c.axis}, ${placeText(c.atoms)}`;
  return [
    `${title.padEnd(58)}  certificate ${certificateHash(loop)}`,
    `  atoms      ${c.atoms.map((a, i) => `${atomText(names.atoms[i] ?? '', a)} (line ${a.line})`).join('     ')}`,
    ...c.references.map((r) => `  reference  ${r.name} = ${r.rule} ${names.atoms[r.atom] ?? ''}    ${r.origin}    start ${numberText(r.start)}${r.rule === 'max' ? `    slack ${numberText(r.slack)}` : ''}`),
    ...stateLines(c, names),
    `  result     ${c.epilogue.map((e) => bare(written(e, [...c.references.map((r) => r.name), ...loop.states.map((s) => s.carry.name)]))).join('            ')}`,
    ...(checked ? [`  checked    transport ✓  composition ✓  monoid ✓  range ✓  ${checked.partitions} random partitions: ${checked.agreement.toExponential(0)}`] : []),
  ].map((l) => l.trimEnd()).join('\n');
}

/** Four hex digits of what the certificate says, places in the source aside. */
export function certificateHash(loop: FoldLoop): string {
  const c = loop.certificate;
  const names = namesOf(c);
  const text = [c.axis, ...names.atoms, ...c.references.map((r) => `${r.name} ${r.rule} ${r.atom} ${r.start} ${r.slack}`), ...stateLines(c, names), ...c.epilogue.map((e) => written(e, []))].join('\n');
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return ((hash >>> 16) ^ (hash & 0xffff)).toString(16).padStart(4, '0');
}

/** What a certificate's parts are called: atoms, references, and references that have moved. */
export interface Names { readonly atoms: readonly string[]; readonly old: readonly string[]; readonly moved: readonly string[] }

/** Atoms by their binding or parameter, by a letter where they have none or the same. */
export function namesOf(c: Certificate): Names {
  const wanted = c.atoms.map((a) => a.binding ?? (/^[\p{L}_]\w*$/u.test(a.text) ? a.text : ''));
  const atoms = wanted.map((n, i) => (n !== '' && wanted.indexOf(n) === i && !c.references.some((r) => r.name === n) ? n : `a${i}`));
  return { atoms, old: c.references.map((r) => r.name), moved: c.references.map((r) => `${r.name}′`) };
}

function atomText(name: string, span: Span): string {
  const text = span.text.replace(/\s+/g, ' ');
  return text === '' || text === name || text.startsWith(`${name}:`) ? name : `${name} = ${text.length > 48 ? `${text.slice(0, 47)}…` : text}`;
}

function placeText(atoms: readonly Span[]): string {
  const lines = atoms.map((a) => a.line);
  const [first] = atoms;
  if (!first) return '';
  const [low, high] = [Math.min(...lines), Math.max(...lines)];
  return `${first.file.split('/').at(-1) ?? first.file}:${low === high ? low : `${low}–${high}`}`;
}

const sign: Readonly<Record<string, string>> = { sum: '+', max: 'max', min: 'min', topk: 'topk' };

function stateLines(c: Certificate, names: Names): readonly string[] {
  return c.blocks.flatMap((b) => {
    const states = b.name.split(' ');
    return b.basis.map((phi, i) => {
      const row = b.transport[i]?.map((t) => bare(written(t, [...names.atoms, ...names.old, ...names.moved]))) ?? [];
      const t = row.length === 1 ? row[0] : `[${row.join(', ')}]`;
      return `  ${(states[i] ?? '').padEnd(8)} ${(sign[b.monoid] ?? b.monoid).padEnd(4)} ${bare(written(phi, [...names.atoms, ...names.old])).padEnd(20)} T = ${t ?? ''}      p = ${b.basis.length}`;
    });
  });
}

const infix: Readonly<Record<BinaryOp, string>> = { add: ' + ', sub: ' − ', mul: '·', div: ' / ', rem: ' % ', pow: '^', max: 'max', min: 'min', lt: ' < ', le: ' ≤ ', eq: ' = ', and: ' and ', or: ' or ' };

function written(s: Scalar, names: readonly string[]): string {
  const go = (x: Scalar): string => written(x, names);
  switch (s.kind) {
    case 'lit': return numberText(s.value);
    case 'arg': return names[s.index] ?? `x${s.index - names.length}`;
    case 'pos': return `at.${s.axis}`;
    case 'size': return `|${s.axis}|`;
    case 'unary': return s.op === 'exp' || s.op === 'exp2' ? `${s.op === 'exp' ? 'e' : '2'}^${tight(go(s.a))}` : s.op === 'neg' ? `−${go(s.a)}` : s.op === 'not' ? `not ${go(s.a)}` : `${s.op}(${bare(go(s.a))})`;
    case 'binary': return s.op === 'max' || s.op === 'min' ? `${s.op}(${bare(go(s.a))}, ${bare(go(s.b))})` : s.op === 'mul' ? `${go(s.a)}·${go(s.b)}` : `(${go(s.a)}${infix[s.op]}${go(s.b)})`;
    case 'select': return `(${bare(go(s.cond))} ? ${go(s.a)} : ${go(s.b)})`;
    default: return s satisfies never;
  }
}

/** An exponent without spaces. */
const tight = (text: string): string => text.replaceAll(' − ', '−').replaceAll(' + ', '+').replaceAll(' / ', '/');

function bare(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    depth += text[i] === '(' ? 1 : text[i] === ')' ? -1 : 0;
    if (depth === 0) return text;
  }
  return text.slice(1, -1);
}

const superscript = (n: number): string => [...String(n)].map((d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)] ?? d).join('');

/** Large powers of two by their exponent, infinities by their sign. */
function numberText(x: number): string {
  if (!Number.isFinite(x)) return x > 0 ? '∞' : x < 0 ? '−∞' : 'NaN';
  if (x === Math.LN2) return 'ln 2';
  const exponent = Math.log2(Math.abs(x));
  if (Math.abs(x) > 2 ** 20 && Number.isInteger(exponent)) return `${x < 0 ? '−' : ''}2${superscript(exponent)}`;
  const text = Math.abs(x) > 2 ** 20 ? Math.abs(x).toExponential(3).replace('e+', '·10^') : String(Math.abs(x));
  return x < 0 ? `−${text}` : text;
}

/** One line for the generated header: what the loop carries, and the certificate that proves it. */
export function loopText(loop: FoldLoop): string {
  const names = [...loop.references, ...loop.states].map((r) => r.carry.name);
  return `fold over ${loop.axis} carrying (${names.join(', ')}), certificate ${certificateHash(loop)}`;
}
