import type { KernelDef } from './definition.js';
import type { FoldLoop, TensorExpr } from './expr.js';
import type { BinaryOp, Scalar } from './scalar.js';
import { reads } from './walk.js';

/** A kernel's graph as text: parameters, one node per line under stable names, results. */
export function printKernel(def: KernelDef): string {
  const params = def.params.map((p) => `${p.name}: ${p.dtype}[${p.order.join(', ')}]`).join(', ');
  const printer = graphPrinter();
  const results = def.results.map((r) => `return ${r.name}: ${r.dtype}[${r.order.join(', ')}] = ${printer.nameOf(r.value)}`);
  return [`kernel ${def.name}${def.variant === '' ? '' : `<${def.variant}>`}(${params})`, ...printer.lines().map((l) => `  ${l}`), ...results.map((l) => `  ${l}`)].join('\n');
}

/** Expressions as text, what they share once. */
export function printExprs(roots: readonly TensorExpr[]): string {
  const printer = graphPrinter();
  const names = roots.map(printer.nameOf);
  return [...printer.lines(), `→ ${names.join(', ')}`].join('\n');
}

interface GraphPrinter { readonly nameOf: (e: TensorExpr) => string; readonly lines: () => readonly string[] }

function graphPrinter(): GraphPrinter {
  const names = new Map<TensorExpr, string>();
  const used = new Map<string, number>();
  const loops = new Map<FoldLoop, string>();
  let lines: string[] = [];
  const fresh = (base: string): string => {
    const n = used.get(base) ?? 0;
    used.set(base, n + 1);
    return n === 0 ? base : `${base}_${n}`;
  };
  const nameOf = (e: TensorExpr): string => {
    const known = names.get(e);
    if (known !== undefined) return known;
    if (e.kind === 'input' || e.kind === 'carry') {
      names.set(e, e.name);
      used.set(e.name, Math.max(1, used.get(e.name) ?? 0));
      return e.name;
    }
    const text = e.kind === 'fold' ? foldText(e.loop, () => nameOf(e.result)) : nodeText(e, reads(e).map(nameOf));
    const name = fresh(e.span.binding ?? 'x');
    names.set(e, name);
    lines.push(`${name}: ${e.dtype}[${e.axes.join(', ')}] = ${text}`);
    return name;
  };
  const foldText = (loop: FoldLoop, result: () => string): string => {
    const known = loops.get(loop);
    if (known !== undefined) return `${known}.result ${result()}`;
    const name = fresh('fold');
    loops.set(loop, name);
    const outer = lines;
    lines = [];
    const steps = [
      ...loop.references.map((r) => `${r.carry.name} from ${numberText(r.start)} ← ${nameOf(r.next)}`),
      ...loop.states.map((s) => `${s.carry.name} from ${numberText(s.init)} ← ${nameOf(s.moved)} ${s.monoid === 'sum' ? '+' : s.monoid} ${nameOf(s.block)}`),
    ];
    const last = result();
    const inner = lines;
    lines = outer;
    lines.push(`${name} over ${loop.axis}:`, ...inner.map((l) => `  ${l}`), ...steps.map((l) => `  ${l}`));
    return `${name}.result ${last}`;
  };
  return { nameOf, lines: () => lines };
}

function nodeText(e: Exclude<TensorExpr, { kind: 'input' | 'carry' | 'fold' }>, args: readonly string[]): string {
  switch (e.kind) {
    case 'map': return printScalar(e.fn, args);
    case 'reduce': return `${e.op}(${args[0]}, ${e.axis})`;
    case 'dot': return `dot(${args.join(', ')}, ${e.over})`;
    case 'gather': return `gather(${args[0]}, ${e.axis}, ${args[1]}, ${numberText(e.outside)})`;
    case 'topk': return `topk(${args[0]}, ${e.axis}, ${printScalar(e.count)}, ${e.as})`;
    case 'cast': return `cast(${e.dtype}, ${args[0]})`;
    case 'reaxis': return `${reaxisText(e.how)}(${args[0]})`;
    default: return e satisfies never;
  }
}

function reaxisText(how: Extract<TensorExpr, { kind: 'reaxis' }>['how']): string {
  switch (how.kind) {
    case 'rename': return `rename ${how.from}→${how.to} `;
    case 'split': return `split ${how.from}→${how.outer}·${how.inner} `;
    case 'merge': return `merge ${how.outer}·${how.inner}→${how.to} `;
    default: return how satisfies never;
  }
}

/** How an operator is written: between its operands, binding as tightly as `level` says, or as a call. */
type Notation = { readonly kind: 'infix'; readonly text: string; readonly level: number } | { readonly kind: 'call' };
const infix = (text: string, level: number): Notation => ({ kind: 'infix', text, level });
const call: Notation = { kind: 'call' };
const notations: Readonly<Record<BinaryOp, Notation>> = {
  or: infix('||', 1), and: infix('&&', 2), eq: infix('===', 3), lt: infix('<', 4), le: infix('<=', 4), add: infix('+', 5), sub: infix('-', 5),
  mul: infix('*', 6), div: infix('/', 6), rem: infix('%', 6), pow: call, max: call, min: call,
};

/** Scalar code as an expression over the operands' names (`$i` where one is missing); in parentheses where it binds less tightly than `level`. */
export function printScalar(s: Scalar, args: readonly string[] = [], level = 0): string {
  const wrap = (text: string, own: number): string => (own < level ? `(${text})` : text);
  switch (s.kind) {
    case 'lit': return wrap(numberText(s.value), s.value < 0 || Object.is(s.value, -0) ? 7 : 8);
    case 'arg': return args[s.index] ?? `$${s.index}`;
    case 'pos': return `@${s.axis}`;
    case 'size': return `#${s.axis}`;
    case 'unary': return s.op === 'neg' ? wrap(`-${printScalar(s.a, args, 8)}`, 7) : `${s.op}(${printScalar(s.a, args)})`;
    case 'binary': {
      const how = notations[s.op];
      if (how.kind === 'call') return `${s.op}(${printScalar(s.a, args)}, ${printScalar(s.b, args)})`;
      return wrap(`${printScalar(s.a, args, how.level)} ${how.text} ${printScalar(s.b, args, how.level + 1)}`, how.level);
    }
    case 'select': return wrap(`${printScalar(s.cond, args, 1)} ? ${printScalar(s.a, args, 1)} : ${printScalar(s.b, args, 1)}`, 0.5);
    default: return s satisfies never;
  }
}

const numberText = (x: number): string => (Object.is(x, -0) ? '-0' : Math.abs(x) === Infinity ? `${x < 0 ? '-' : ''}∞` : String(x));
