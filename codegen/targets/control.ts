import type { Scalar } from '../../dsl/scalar.js';
import type { Emission } from '../emit/emission.js';
import { scalarText } from '../emit/scalar.js';
import type { Loop, Tile, When } from '../tile/ir.js';

/** An integer that is the same for the whole block: positions are origins. */
export function uniform(s: Scalar, args: readonly Tile[], e: Emission, want: 'int' | 'bool'): string {
  const operand = (i: number): Tile => args[i] ?? broken('emit: a bound or condition of a block reads an element');
  const leaves = { arg: (i: number) => e.tile(operand(i)), argIsInteger: (i: number) => operand(i).dtype === 'i32', pos: (axis: string) => e.origin(axis) ?? '0', size: e.length };
  const { bindings, text } = scalarText(s, leaves, want, e.fresh);
  bindings.forEach((b) => e.line(`const ${b.type} ${b.name} = ${b.text};`));
  return text;
}

/** The bounds of a walk, the same for the whole block. */
export const printBounds = (s: Pick<Loop, 'from' | 'to' | 'args'>, e: Emission): { readonly from: string; readonly to: string } => ({ from: uniform(s.from, s.args, e, 'int'), to: uniform(s.to, s.args, e, 'int') });

/** A loop over the windows of an axis. */
export function printLoop(s: Loop, e: Emission, body: () => void): void {
  const { from, to } = printBounds(s, e);
  const aligned = s.from.kind === 'lit' && s.from.value % s.step === 0;
  const step = e.extent({ axis: s.axis, size: s.step });
  const origin = { axis: s.axis, step: s.step, full: s.full, padded: s.padded, aligned };
  const head = (): string => {
    const at = e.originName(s.axis);
    if (s.once === true) return `if (const int ${at} = ${from}; ${at} < ${to})`;
    return `for (int ${at} = ${from}; ${at} < ${to}; ${at} += ${step})`;
  };
  e.scope(head, [origin], body);
}

/** A body under a condition, and what runs where it does not hold. */
export function printWhen(s: When, e: Emission, body: (of: When['body']) => void): void {
  const cond = uniform(s.cond, s.args, e, 'bool');
  e.scope(() => `if (${cond})`, [], () => body(s.body));
  if (s.otherwise.length > 0) e.scope(() => 'else', [], () => body(s.otherwise));
}

function broken(why: string): never {
  throw new Error(why);
}
