import type { ReduceOp } from '../../dsl/expr.js';
import { binaryMeaning, unaryMeaning, type Scalar } from '../../dsl/scalar.js';
import type { Tile, TileMap, TileStmt } from './ir.js';
import { readsOf, statements, writes } from './walk.js';

/** What is known of every element of a tile: one number, or "as `of` was at the start", or nothing. */
type Known = { readonly kind: 'number'; readonly value: number } | { readonly kind: 'same'; readonly of: Tile } | undefined;

/**
 * Whether a run of `body` provably leaves every tile that outlives it as it was, when `assume` gives the code of its
 * maps under some assumption. Equal operands cancel (x − x = 0, as for the finite states a fold starts from), and 0
 * times anything or over anything is 0: what a masked window would add of it counts as nothing.
 */
export function leavesStates(body: readonly TileStmt[], assume: (s: TileMap) => Scalar): boolean {
  return !statements(body).some((s) => s.kind === 'store' || s.kind === 'topk') && keepsStates(body, assume);
}

/** {@link leavesStates} but for what is stored on the way. */
export function keepsStates(body: readonly TileStmt[], assume: (s: TileMap) => Scalar): boolean {
  const known = new Map<Tile, Known>();
  runBody(body, known, assume);
  return statesOf(body).every((t) => isSame(known.get(t), t));
}

/** Tiles whose value before a run matters to it, or to what follows it: read before they are written. */
export function statesOf(body: readonly TileStmt[]): readonly Tile[] {
  const written = new Set<Tile>();
  const states = new Set<Tile>();
  for (const s of statements(body)) {
    for (const t of readsOf(s)) if (!written.has(t)) states.add(t);
    for (const t of writes(s)) written.add(t);
  }
  return [...states].filter((t) => written.has(t));
}

const isSame = (k: Known, t: Tile): boolean => k === undefined ? false : k.kind === 'same' && k.of === t;

function runBody(body: readonly TileStmt[], known: Map<Tile, Known>, assume: (s: TileMap) => Scalar): void {
  const read = (t: Tile): Known => (known.has(t) ? known.get(t) : { kind: 'same', of: t });
  for (const t of statements(body).flatMap((s) => [...readsOf(s), ...writes(s)])) if (!known.has(t)) known.set(t, read(t));
  for (const s of body) {
    switch (s.kind) {
      case 'fill': known.set(s.dst, { kind: 'number', value: s.value }); break;
      case 'copy': known.set(s.dst, read(s.src)); break;
      case 'map': known.set(s.dst, knownOf(assume(s), s.args.map(read))); break;
      case 'reduce': known.set(s.dst, joined(s.op, reducedValue(s.op, read(s.src)), s.accumulate ? read(s.dst) : undefined, s.accumulate)); break;
      case 'mma': {
        const zero = isNumber(read(s.lhs), 0) || isNumber(read(s.rhs), 0) ? ({ kind: 'number', value: 0 } as const) : undefined;
        known.set(s.dst, joined('sum', zero, s.accumulate ? read(s.dst) : undefined, s.accumulate));
        break;
      }
      case 'loop': case 'when': {
        // Any of the bodies may run, or none.
        for (const body of s.kind === 'loop' ? [s.body] : [s.body, s.otherwise]) {
          const after = new Map(known);
          runBody(body, after, assume);
          for (const [t, k] of after) if (!known.has(t) || !sameKnown(k, known.get(t))) known.set(t, undefined);
        }
        break;
      }
      case 'load': case 'gather': case 'unite': case 'clear': case 'own': known.set(s.dst, undefined); break;
      case 'advance': for (const l of s.pipe.loads) known.set(l.dst, undefined); break;
      case 'receive': for (const l of s.channel.loads) known.set(l.dst, undefined); break;
      case 'store': case 'topk': case 'prime': case 'drain': case 'barrier': case 'send': case 'release': case 'settle': break;
      default: s satisfies never;
    }
  }
}

const isNumber = (k: Known, value: number): boolean => k?.kind === 'number' && k.value === value;
const sameKnown = (a: Known, b: Known): boolean => a === b || (a?.kind === 'number' && b?.kind === 'number' && Object.is(a.value, b.value)) || (a?.kind === 'same' && b?.kind === 'same' && a.of === b.of);

function reducedValue(op: ReduceOp, k: Known): Known {
  return k?.kind === 'number' && (op !== 'sum' || k.value === 0) ? k : undefined;
}

function joined(op: ReduceOp, added: Known, before: Known, accumulate: boolean): Known {
  if (!accumulate) return added;
  const neutral = { sum: 0, max: -Infinity, min: Infinity }[op];
  return isNumber(added, neutral) ? before : undefined;
}

/** A scalar over operands of which something is known. */
function knownOf(s: Scalar, args: readonly Known[]): Known {
  const number = (value: number): Known => ({ kind: 'number', value });
  switch (s.kind) {
    case 'lit': return number(s.value);
    case 'arg': return args[s.index];
    case 'pos': case 'size': return undefined;
    case 'unary': {
      const a = knownOf(s.a, args);
      return a?.kind === 'number' ? number(unaryMeaning[s.op](a.value)) : undefined;
    }
    case 'select': {
      const cond = knownOf(s.cond, args);
      if (cond?.kind === 'number') return knownOf(cond.value ? s.a : s.b, args);
      const a = knownOf(s.a, args);
      return sameKnown(a, knownOf(s.b, args)) ? a : undefined;
    }
    case 'binary': {
      const a = knownOf(s.a, args);
      const b = knownOf(s.b, args);
      if (a?.kind === 'number' && b?.kind === 'number') return number(binaryMeaning[s.op](a.value, b.value));
      const is = (k: Known, value: number): boolean => isNumber(k, value);
      const { op } = s;
      switch (op) {
        case 'mul': return is(a, 0) || is(b, 0) ? number(0) : is(a, 1) ? b : is(b, 1) ? a : undefined;
        case 'add': return is(a, 0) ? b : is(b, 0) ? a : is(a, -Infinity) || is(b, -Infinity) ? number(-Infinity) : undefined;
        case 'sub': return is(b, 0) ? a : is(a, -Infinity) ? a : a?.kind === 'same' && sameKnown(a, b) ? number(0) : undefined;
        case 'max': return is(a, -Infinity) ? b : is(b, -Infinity) ? a : undefined;
        case 'min': return is(a, Infinity) ? b : is(b, Infinity) ? a : undefined;
        case 'and': return is(a, 0) || is(b, 0) ? number(0) : undefined;
        case 'div': return is(a, 0) ? number(0) : is(b, 1) ? a : undefined;
        case 'rem': case 'pow': case 'lt': case 'le': case 'eq': case 'or': return undefined;
        default: return op satisfies never;
      }
    }
    default: return s satisfies never;
  }
}
