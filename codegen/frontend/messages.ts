import { CompileError } from '../../dsl/diagnostic.js';
import { dtypes } from '../../dsl/dtype.js';
import { didYouMean } from '../../dsl/nearest.js';
import type { Span } from '../../dsl/span.js';

// Every sentence of the front-end, by its stable code. A sentence says the operation, what it met, and what it needs.

const list = (names: readonly string[]): string => `[${names.join(', ')}]`;

/** For a literal that was met, quotes and all. */
const quoted = (met: string, known: readonly string[]): string => (/^'.*'$/.test(met) ? didYouMean(met.slice(1, -1), known) : '');
/** For the one name of a list that the other lacks. */
function misspelt(met: readonly string[], known: readonly string[]): string {
  const [name, more] = met.filter((m) => !known.includes(m));
  return name === undefined || more !== undefined ? '' : didYouMean(name, known.filter((k) => !met.includes(k)));
}

export const messages = {
  // The file and TypeScript itself.
  F001: (text: string) => `TypeScript: ${text}`,
  F002: () => 'there is no file of this name; paths are relative to the folder where the command runs',

  // The declaration of a kernel.
  F010: (met: string) => `kernel: the name is ${met}; it needs a string literal that is an identifier, as in kernel('rowSum', …)`,
  F011: (name: string) => `kernel: the name '${name}' is taken; every kernel of a compilation needs its own`,
  F012: (met: number) => `kernel: met ${met} arguments; it needs three: the name, the sizes and a function`,
  F013: (axis: string, met: string) => `size of '${axis}': met ${met}; a size is a positive integer, a list of them, 'dynamic' or ragged('c')${quoted(met, ['dynamic'])}`,
  F014: (met: string) => `sizes: met ${met}; they need an object literal from axis to size, as in { n: 'dynamic', d: 64 }`,
  F015: (axis: string, sized: readonly string[]) => `axis '${axis}' has no size; add it to the kernel's sizes${didYouMean(axis, sized)}`,
  F016: (axis: string) => `sizes: no tensor of this kernel has axis '${axis}'; remove it`,
  F017: (axis: string, by: string, others: readonly string[]) => `size of '${axis}': ragged by '${by}', which is not an axis with one length; give '${by}' a size${didYouMean(by, others)}`,
  F018: (met: string) => `kernel: the third argument is ${met}; it needs an arrow function that can be followed to its source`,
  F019: (name: string) => `type parameter ${name} has no dtypes; bound it by a union of 'f32', 'f16', 'bf16', 'f8e4m3' and 'i32'`,
  F020: (name: string, met: string) => `parameter \`${name}\` is ${met}; it needs In<dtype, [axes in memory order]>`,
  F021: (name: string, met: string) => `\`${name}\`: the order is ${met}; it needs a tuple of axis names, outermost first`,
  F022: () => 'the function has no result annotation; memory order exists only there: write Out<dtype, [axes]> or a record of them',
  F023: (met: string) => `the result is ${met}; it needs Out<dtype, [axes]> or a record of them`,
  F024: (returned: readonly string[], declared: readonly string[]) => `the function returns ${list(returned)}, its annotation says ${list(declared)}${misspelt(returned, declared)}`,
  F025: (name: string, axis: string, by: string) => `\`${name}\`: ragged axis '${axis}' must stand right behind '${by}', which its length depends on`,
  F026: (name: string, met: string) => `\`${name}\`: the dtype is ${met}; it needs 'f32', 'f16', 'bf16', 'f8e4m3', 'i32' or a type parameter bounded by them${quoted(met, dtypes)}`,
  F027: (name: string) => `\`${name}\` is both a parameter and a result; give the result another name`,

  // Syntax outside the language.
  F030: (what: string) => `${what}: loops are reductions over an axis: sum(x, 'k')`,
  F031: (what: string) => `${what}: bindings do not change; declare it with const`,
  F032: (what: string) => `${what}: values do not change; bind a new const`,
  F033: (what: string) => `${what}: a kernel is made of functions and values; use a function or an object literal`,
  F034: (what: string) => `${what}: a kernel computes in one step; use a plain function`,
  F035: (what: string) => `${what}: a kernel cannot fail at run time; choose a value with cond ? a : b`,
  F036: (what: string) => `${what}: choose values, not statements: cond ? a : b`,
  F037: (what: string) => `${what}: strings are axis names and dtypes; write them as literals`,
  F038: (what: string) => `${what}: operands are written out one by one`,
  F039: (what: string) => `${what}: every value is present; use a plain . or a default`,
  F040: (what: string) => `${what}: not part of the language; kernels are const bindings of calls, arrows, constants and cond ? a : b`,
  F041: (what: string, advice: string) => `${what}: not a scalar operator; ${advice}`,
  F042: (what: string) => `${what}: its value is lost; bind it with const or return it`,
  F043: (name: string) => `${name} returns nothing; end it with return`,
  F044: (what: string) => `${what}: statements after return are never reached; remove them`,

  // Names and calls.
  F050: (name: string, inScope: readonly string[], language: readonly string[]) => `\`${name}\` is not defined${language.includes(name) ? "; import it from 'warpfold/dsl'" : didYouMean(name, [...inScope, ...language])}`,
  F051: (name: string) => `call of \`${name}\`: its source cannot be followed; call a primitive, Math.* or a function written in TypeScript`,
  F052: (name: string) => `\`${name}\` calls itself; recursion has no bound that the compiler could unroll`,
  F053: (met: string) => `call of ${met}: it needs a function`,
  F054: (name: string) => `\`${name}\` is a kernel; kernels do not call kernels: share a function instead`,
  F055: (name: string) => `\`${name}\` can change: it is declared with let; capture a const`,
  F056: (name: string, known: string) => `${name} is not scalar code; of Math there are ${known}${didYouMean(name.slice(name.indexOf('.') + 1), known.split(' '))}`,
  F057: (name: string) => `\`${name}\` is read before it has a value`,
  F058: (met: string, property: string, has: readonly string[]) => `${met} has no '${property}'${didYouMean(property, has)}`,
  F059: (name: string) => `\`${name}\`: its value cannot be followed; capture numbers, strings, arrows and records that are written in TypeScript`,

  // Values in the wrong place.
  F060: (op: string, what: string, met: string, needed: string, known: readonly string[] = []) => `${op}: ${what} is ${met}; it needs ${needed}${quoted(met, known)}`,
  F061: (op: string, met: string) => `${op}: the arrow yields ${met}; it needs a number: cond ? 1 : 0`,
  F062: (op: string, met: string) => `${op}: an operand is ${met}; it needs comparisons, as in x !== 0`,
  F063: (op: string, met: string) => `${op}: an operand is ${met}; arithmetic is per element: map(x, y, (x, y) => x + y)`,
  F064: (met: string) => `cond ? a : b: the branches are ${met} but the condition is known only at run time; choose per element inside map`,
  F065: (axis: string, axes: readonly string[]) => `at.${axis}: the result has axes ${list(axes)}, no '${axis}'${didYouMean(axis, axes)}`,
  F066: (op: string, what: string) => `${op}: ${what} is known only at launch; it needs a compile-time constant: a literal or a fixed size`,
  F067: (as: string) => `topk: the count must be a literal or the length of the new axis: sizeOf('${as}')`,
  F069: () => 'tabulate: the arrow yields fractions; it needs whole numbers, as in Math.floor(at.q / 2)',

  // Axes and dtypes that only a whole kernel shows.
  T030: (name: string, has: readonly string[], wants: readonly string[]) => `result \`${name}\` has axes ${list(has)}, its annotation says ${list(wants)}`,
  T031: (name: string, has: string, wants: string) => `result \`${name}\` is ${has}, its annotation says ${wants}; cast('${wants}', …)`,
  T032: (op: string, from: string, hasFrom: string, to: string, hasTo: string) => `${op}: '${from}' is ${hasFrom}, '${to}' is ${hasTo}; they need equal lengths`,
  T033: (op: string, axis: string) => `${op} over '${axis}': another axis is ragged by '${axis}', so every position of it is computed alone; use a kernel of its own`,
  T034: (from: string, length: number, inner: number) => `split: '${from}' is ${length} long, which ${inner} does not divide`,
} satisfies Record<`F${number}` | `T${number}`, (...args: never[]) => string>;

export type Code = keyof typeof messages;

/** The error with a code's sentence at a place. */
export function refusal<C extends Code>(code: C, span: Span, args: Parameters<(typeof messages)[C]>, notes: readonly string[] = []): CompileError {
  // Parameters<> of a union of functions cannot be applied without naming the member; `args` is that member's tuple by C.
  const sentence = messages[code] as (...args: unknown[]) => string;
  return new CompileError(code, sentence(...args), span, notes);
}
