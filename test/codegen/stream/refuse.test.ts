import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { stream } from '../../../codegen/stream/derive.js';
import { CompileError } from '../../../dsl/diagnostic.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { caseOf, distance, programs } from './programs.js';

const refused = programs('refused');
const neighbours = programs('neighbours');

/** The diagnostic a program is refused with: place, code, message, the source it points at, notes. */
function refusal(def: KernelDef): readonly string[] {
  try {
    stream(def);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return error.diagnostics.flatMap((d) => [`${d.span.line}:${d.span.column} ${d.code}`, d.message, d.span.text, ...d.notes]);
  }
  return ['not refused'];
}

const input = 'Return the reduction from one kernel and take it as an input of the next.';

const texts: Readonly<Record<string, readonly string[]>> = {
  tanhOfShifted: ['9:33 S103', "not streamable: tanh of (s − m), where m is the max of s over 'k' (line 8)", 'Math.tanh(s - m)',
    'tanh mixes s and m; only exponential polynomials of m can follow m when it moves. tanh of s alone is fine.'],
  shiftedSigmoid: ['15:33 S103', "not streamable: the reciprocal of (1 + exp(s − m)), where m is the max of s over 'k' (line 14)", '1 / (1 + Math.exp(s - m))',
    'the reciprocal mixes s and m; only exponential polynomials of m can follow m when it moves. The reciprocal of s alone is fine.'],
  threshold: ['24:41 S102', "not streamable: the comparison tau < p, where p depends on m, the max of s over 'k' (line 20), and l, the sum of e over 'k' (line 22)", 'p > tau',
    `the decision mixes tau and p and cannot be taken back when a reference moves. ${input}`],
  sparsemax: ['30:38 S102', "not streamable: max of two terms, 0 and s − tau, where tau is the max of s over 'k' (line 29)", 'Math.max(0, s - tau)',
    `the decision mixes s and tau and cannot be taken back when a reference moves. ${input}`],
  sinkhorn: ['36:10 S101', 'not streamable: references alternate between axes k, q, k: a third pass', "dot(map(p, c, (p, c) => p / c), v, 'k')",
    'return c (line 35) from one kernel and take it as an input of the next; then it is data.'],
  quantised: ['41:40 S107', "not streamable: floor of (((x·127) / amax) + 0.5), where amax is the max of map(x, (x) => Math.abs(x)) over 'k' (line 40)", 'Math.floor((x * 127) / amax + 0.5)',
    'rounding depends on the absolute scale, which moves with the reference. Return the reduction from one kernel and round in the next.'],
  meanDeviation: ['46:40 S102', "not streamable: the sign of (x − mean), where mean depends on the sum of x over 'k' (line 45)", 'Math.abs(x - mean)',
    `the decision mixes x and mean and cannot be taken back when a reference moves. ${input}`],
  fourthMoment: ['51:18 S105', 'not streamable: moment has a closure of dimension 5, the limit is 4', "sum(map(x, mean, (x, mean) => (x - mean) ** 4), 'k')",
    'the dimension counts the different functions of the data that must be summed. Split the expression, or return its references from one kernel and take them as inputs of the next.'],
  squaredExponent: ['57:34 S104', "not streamable: data times a reference inside an exponent, −((s − m) ** 2), where m is the max of s over 'k' (line 56)", 'Math.exp(-((s - m) ** 2))',
    `an exponent may add and subtract references, not multiply data by them. ${input}`],
  standardised: ['62:37 S104', "not streamable: data times a reference inside an exponent, s / std, where std depends on the sum of map(s, (s) => s * s) over 'k' (line 61)", 'Math.exp(s / std)',
    `an exponent may add and subtract references, not multiply data by them. ${input}`],
  unknownSign: ['69:19 S106', 'not streamable: the sign of total is unknown, and max does not commute with it', "max(map(u, total, (u, total) => u * total), 'k')",
    'max moves across additions and positive factors only, such as exponentials and sums of them. Return total from one kernel and take it as an input of the next.'],
  castOfScaled: ['78:14 S107', 'not streamable: cast to i32 of scaled, which depends on amax', "cast('i32', scaled)",
    'rounding depends on the absolute scale, which moves with the reference. Return the reduction from one kernel and round in the next.'],
  topOfProduct: ['83:10 S106', 'not streamable: the sign of total is unknown, and topk does not commute with it', "topk(map(x, total, (x, total) => x * total), 'k', 2, 'n')",
    'topk moves across additions and positive factors only, such as exponentials and sums of them. Return total from one kernel and take it as an input of the next.'],
  logOfDifference: ['88:34 S103', "not streamable: log of ((m − x) + 1), where m is the max of x over 'k' (line 87)", 'Math.log(m - x + 1)',
    'log mixes x and m; only exponential polynomials of m can follow m when it moves. log of x alone is fine.'],
  rootOfProduct: ['93:42 S103', "not streamable: sqrt of (x·total), where total is the sum of x over 'k' (line 92)", 'Math.sqrt(x * total)',
    'sqrt mixes x and total; only exponential polynomials of total can follow total when it moves. sqrt of x alone is fine.'],
  remainder: ['98:34 S103', "not streamable: the remainder of (x % m), where m is the max of x over 'k' (line 97)", 'x % m',
    'the remainder mixes x and m; only exponential polynomials of m can follow m when it moves. The remainder of x alone is fine.'],
  powerOfReference: ['103:34 S103', "not streamable: the power of (x ** m), where m is the max of x over 'k' (line 102)", 'x ** m',
    'the power mixes x and m; only exponential polynomials of m can follow m when it moves. The power of x alone is fine.'],
  castToEightBits: ['121:14 S107', 'not streamable: cast to f8e4m3 of scaled, which depends on amax', "cast('f8e4m3', scaled)",
    'rounding depends on the absolute scale, which moves with the reference. Return the reduction from one kernel and round in the next.'],
  maxOverHeads: ['109:14 S103', "not streamable: max over 'h' of shifted, which depends on m", "max(shifted, 'h')",
    `only linear operators let the factors of a reference pass, and only along axes that the reference does not have. ${input}`],
  sharedCut: ['114:31 S102', "not streamable: the comparison 0.1 < p, where p depends on the max of s over 'k' (line 113), and l, the sum of e over 'k' (line 113)", 'p > 0.1',
    `the decision depends on p and cannot be taken back when a reference moves. ${input}`],
};

describe('programs that must be refused', () => {
  test('every refused program has its text', () => {
    expect([...refused.keys()].sort()).toEqual(Object.keys(texts).sort());
  });
  test.each([...refused])('%s: code, place, message and remedy', (name, def) => {
    expect(refusal(def)).toEqual(texts[name]);
  });
});

describe('the nearest legal program', () => {
  test('every refused program of the catalogue has one', () => {
    expect([...refused.keys()].slice(0, 11).filter((name) => !neighbours.has(name))).toEqual([]);
  });
  describe.each([...neighbours])('%s', (_, def) => {
    const streamed = stream(def);
    property.prop([fc.integer({ min: 0, max: 10_000 })], { numRuns: 10 })('streams and means the same', (seed) => {
      expect(distance(def, streamed, caseOf(def, seed), seed)).toBeLessThan(1e-10);
    });
  });
});
