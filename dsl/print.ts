import type { KernelDef } from './definition.js';
import type { FoldLoop, Monoid, TensorExpr } from './expr.js';
import type { BinaryOp, Scalar } from './scalar.js';
import type { Span } from './span.js';
import { nodesOf, reads } from './walk.js';

/** A line of a printed graph: the node it names, where it names one, and the place of what it says. */
export interface PrintedLine { readonly text: string; readonly name: string | undefined; readonly node: TensorExpr | undefined; readonly span: Span | undefined }

/** A kernel's graph as text: parameters, one node per line under stable names, results. */
export const printKernel = (def: KernelDef): string => printedLines(def).map((l) => l.text).join('\n');

/** The lines of `printKernel`, each with its place in the source. */
export function printedLines(def: KernelDef): readonly PrintedLine[] {
  const params = def.params.map((p) => `${p.name}: ${p.dtype}[${p.order.join(', ')}]`).join(', ');
  const { names, lines } = printed(def.results.map((r) => r.value));
  const results = def.results.map((r, i) => other(`return ${r.name}: ${r.dtype}[${r.order.join(', ')}] = ${names[i]}`, r.value.span));
  return [other(`kernel ${def.name}${def.variant === '' ? '' : `<${def.variant}>`}(${params})`, def.span), ...indented([...lines, ...results])];
}

/** Expressions as text, what they share once. */
export function printExprs(roots: readonly TensorExpr[]): string {
  const { names, lines } = printed(roots);
  return [...lines.map((l) => l.text), `→ ${names.join(', ')}`].join('\n');
}

const other = (text: string, span: Span | undefined): PrintedLine => ({ text, name: undefined, node: undefined, span });
const indented = (lines: readonly PrintedLine[]): readonly PrintedLine[] => lines.map((l) => ({ ...l, text: `  ${l.text}` }));

/** What nodes and carries are called, here and in the scopes around. The body of a fold is a scope, since an axis means a block there; what reads its last states is another. */
interface Scope { readonly names: Map<TensorExpr, string>; readonly carries: ReadonlyMap<string, string>; readonly outer: Scope | undefined }
const lookUp = (scope: Scope | undefined, e: TensorExpr): string | undefined => scope && (scope.names.get(e) ?? lookUp(scope.outer, e));

function printed(roots: readonly TensorExpr[]): { readonly names: readonly string[]; readonly lines: readonly PrintedLine[] } {
  const all = nodesOf(roots);
  const used = new Map<string, number>(all.flatMap((e) => (e.kind === 'input' ? [[e.name, 1]] : [])));
  // Folds that share a loop read its steps once.
  const loops = new Set(all.flatMap((e) => (e.kind === 'fold' ? [e.loop] : [])));
  const steps = [...loops].flatMap((l) => [...l.references.map((r) => r.next), ...l.states.flatMap((s) => [s.moved, s.block])]);
  const readers = new Map<TensorExpr, number>();
  for (const e of [...roots, ...steps, ...all.flatMap((e) => (e.kind === 'fold' ? [e.result] : reads(e)))]) readers.set(e, (readers.get(e) ?? 0) + 1);
  const afterLoops = new Map<FoldLoop, Scope>();
  let scope: Scope = { names: new Map(), carries: new Map(), outer: undefined };
  let lines: PrintedLine[] = [];

  const fresh = (base: string): string => {
    const n = used.get(base) ?? 0;
    used.set(base, n + 1);
    return n === 0 ? base : `${base}_${n}`;
  };
  const inside = <T>(inner: Scope, body: () => T): T => {
    const outer = scope;
    scope = inner;
    const made = body();
    scope = outer;
    return made;
  };
  const nameOf = (e: TensorExpr): string => {
    const known = lookUp(scope, e);
    if (known !== undefined) return known;
    if (e.kind === 'input') return e.name;
    if (e.kind === 'carry') return scope.carries.get(e.name) ?? e.name;
    const name = e.kind === 'fold' ? inside(afterLoop(e.loop), () => nameOf(e.result)) : line(e);
    scope.names.set(e, name);
    return name;
  };
  const line = (e: Plain): string => {
    const text = nodeText(e, reads(e).map(nameOf));
    const name = fresh(e.span.binding ?? 'x');
    lines.push({ text: `${name}: ${e.dtype}[${e.axes.join(', ')}] = ${text}`, name, node: e, span: e.span });
    return name;
  };
  /** The text itself where nothing else reads it. */
  const inline = (e: TensorExpr, level: number): string =>
    isPlain(e) && readers.get(e) === 1 && lookUp(scope, e) === undefined ? nodeText(e, reads(e).map(nameOf), level) : nameOf(e);
  /** Prints the loop when it is met first; in the scope that comes back its carries have their last values. */
  const afterLoop = (loop: FoldLoop): Scope => {
    const known = afterLoops.get(loop);
    if (known) return known;
    const starts = [...loop.references.map((r) => ({ name: r.carry.name, from: r.start })), ...loop.states.map((s) => ({ name: s.carry.name, from: s.init }))];
    const carries = new Map([...scope.carries, ...starts.map(({ name }) => [name, fresh(name)] as const)]);
    const called = (name: string): string => carries.get(name) ?? name;
    const before = lines;
    lines = [];
    const moves = inside({ names: new Map(), carries, outer: scope }, () => [
      ...loop.references.map((r) => other(`${called(r.carry.name)} ← ${inline(r.next, 0)}`, r.next.span)),
      ...loop.states.map((s) => other(`${called(s.carry.name)} ← ${stepText(s.monoid, (level) => inline(s.moved, level), (level) => inline(s.block, level))}`, s.block.span)),
    ]);
    const head = `fold over ${loop.axis}: ${starts.map(({ name, from }) => `${called(name)} from ${numberText(from)}`).join(', ')}`;
    lines = [...before, other(head, (loop.references[0]?.next ?? loop.states[0]?.block)?.span), ...indented([...lines, ...moves])];
    const after: Scope = { names: new Map(), carries, outer: scope };
    afterLoops.set(loop, after);
    return after;
  };
  return { names: roots.map(nameOf), lines };
}

const stepText = (monoid: Monoid, moved: (level: number) => string, block: (level: number) => string): string =>
  monoid === 'sum' ? `${moved(5)} + ${block(6)}` : `${monoid}(${moved(0)}, ${block(0)})`;

type Plain = Exclude<TensorExpr, { kind: 'input' | 'carry' | 'fold' }>;
const isPlain = (e: TensorExpr): e is Plain => e.kind !== 'input' && e.kind !== 'carry' && e.kind !== 'fold';

function nodeText(e: Plain, args: readonly string[], level = 0): string {
  switch (e.kind) {
    case 'map': return printScalar(e.fn, args, level);
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

/** Large powers of two as such: they are bounds, and as decimals nobody knows them. */
function numberText(x: number): string {
  const power = Math.log2(Math.abs(x));
  if (power >= 64 && Number.isInteger(power) && Number.isFinite(x)) return `${x < 0 ? '-' : ''}2^${power}`;
  return Object.is(x, -0) ? '-0' : String(x).replace('Infinity', '∞');
}

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
