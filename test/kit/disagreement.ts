import type { KernelEntry } from '../../dsl/manifest.js';
import { axesInMemory, type Call, type Case, positionsOf, shapeOf } from './call.js';
import { caseNamed } from './replay.js';
import { mismatches } from './tolerance.js';

interface Compared {
  /** What was run where: `scaled on cpu`. */
  readonly what: string;
  readonly result: string;
  readonly entry: KernelEntry;
  readonly call: Call;
  readonly case: Case;
  readonly actual: ArrayLike<number>;
  readonly expected: ArrayLike<number>;
  readonly bound: number | 'bitwise';
  /** What `expected` is; the reference unless said. */
  readonly expectation?: string;
}

/** The error for a result that differs by more than its bound, or undefined: how much of it, the first element by its positions, and the case. */
export function disagreement({ what, result, entry, call, case: c, actual, expected, bound, expectation = 'reference' }: Compared): Error | undefined {
  const found = mismatches(actual, expected, bound);
  const [first] = found;
  if (first === undefined) return undefined;
  const order = entry.results.find((r) => r.name === result)?.order ?? [];
  const at = Object.entries(positionsOf(first.index, axesInMemory(order, entry), shapeOf(order, entry, call))).map(([axis, i]) => `${axis} ${i}`).join(', ');
  const error = new Error(`${what}: ${found.length} of ${expected.length} elements of '${result}' differ, first [${at}]: ${first.actual}, ${expectation} ${first.expected} ${bound === 'bitwise' ? 'bit for bit' : `± ${Number(first.bound.toPrecision(3))}`}\n  case ${caseText(c, call)}`);
  error.name = caseNamed;
  return error;
}

/** The case as the options that repeat it; inputs given by the test are said by name only. */
function caseText({ sizes, seed, outside, inputs = {} }: Case, { dtypes }: Call): string {
  const said = { sizes, seed, ...(Object.keys(dtypes).length > 0 ? { dtypes } : {}), ...(outside === undefined || outside.every((n) => n === 0) || Object.values(sizes).every((n) => typeof n === 'number') ? {} : { outside }) };
  const given = Object.keys(inputs);
  return `${JSON.stringify(said)}${given.length > 0 ? `, with ${given.join(', ')} as the test gives ${given.length === 1 ? 'it' : 'them'}` : ''}`;
}
