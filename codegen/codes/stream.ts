import { perRow, plain, source } from './page.js';

const rows = (statements: string): string => perRow(`{\n  ${statements.split('\n').join('\n  ')}\n}`);
const twoKernels = (first: string, second: string): string => `export const first = kernel('first', { q: 'dynamic', k: 'dynamic' },\n  (x: In<'f32', ['q', 'k']>): Out<'f32', ['q']> => ${first});\nexport const second = kernel('second', { q: 'dynamic', k: 'dynamic' },\n  (x: In<'f32', ['q', 'k']>, r: In<'f32', ['q']>): Out<'f32', ['q']> => ${second});`;
const outOfOrder = 'A long axis is walked once, in blocks. What depends on a reduction over the same axis is stated relative to the value it has so far, and moved when that grows.';

/** Reductions that do not become one walk over their axis. */
export const streamPages = {
  S101: source('References that alternate between axes', `${outOfOrder} Two such axes may alternate once; a third pass would need the first result whole.`,
    "export const example = kernel('example', { q: 'dynamic', k: 'dynamic', d: 4 },\n  (s: In<'f32', ['q', 'k']>, v: In<'f32', ['k', 'd']>): Out<'f32', ['q', 'd']> => {\n    const e = map(s, max(s, 'k'), (s, m) => Math.exp(s - m));\n    const p = map(e, sum(e, 'k'), (e, l) => e / l);\n    const c = sum(p, 'q');\n    return dot(map(p, c, (p, c) => p / c), v, 'k');\n  });",
    "export const columns = kernel('columns', { q: 'dynamic', k: 'dynamic' },\n  (s: In<'f32', ['q', 'k']>, lse: In<'f32', ['q']>): Out<'f32', ['k']> => sum(map(s, lse, (s, lse) => Math.exp(s - lse)), 'q'));\nexport const example = kernel('example', { q: 'dynamic', k: 'dynamic', d: 4 },\n  (s: In<'f32', ['q', 'k']>, lse: In<'f32', ['q']>, c: In<'f32', ['k']>, v: In<'f32', ['k', 'd']>): Out<'f32', ['q', 'd']> =>\n    dot(map(s, lse, c, (s, lse, c) => Math.exp(s - lse) / c), v, 'k'));", 'S102'),
  S102: source('A decision that a later block could overturn', `${outOfOrder} A comparison with such a value may come out differently once more is known, and what was added up by then cannot be taken back.`,
    rows("const mean = map(sum(x, 'k'), (s) => s / sizeOf('k'));\nreturn sum(map(x, mean, (x, mean) => Math.abs(x - mean)), 'k');"),
    twoKernels("map(sum(x, 'k'), (s) => s / sizeOf('k'))", "sum(map(x, r, (x, mean) => Math.abs(x - mean)), 'k')"), 'S103', 'S107'),
  S103: source('A function that cannot follow a reference', `${outOfOrder} Sums of products of powers and exponentials can be moved so; a tanh of the difference can not.`,
    rows("const m = max(x, 'k');\nreturn sum(map(x, m, (x, m) => Math.tanh(x - m)), 'k');"), rows("const m = max(x, 'k');\nreturn sum(map(x, m, (x, m) => Math.exp(x - m)), 'k');"), 'S102', 'S104'),
  S104: source('Data times a reference in an exponent', 'exp(x − m) follows m, because e^(x − m′) is e^(x − m) times a number that no element has a part in. exp(x · m) has no such number.',
    rows("const m = max(x, 'k');\nreturn sum(map(x, m, (x, m) => Math.exp(-((x - m) ** 2))), 'k');"), twoKernels("max(x, 'k')", "sum(map(x, r, (x, m) => Math.exp(-((x - m) ** 2))), 'k')"), 'S103'),
  S105: source('More sums than one walk carries', 'To move a sum, the sums that it turns into are carried as well: Σx and the count for Σ(x − m), three for squares. The limit is four.',
    rows("const mean = map(sum(x, 'k'), (s) => s / 10);\nreturn sum(map(x, mean, (x, mean) => (x - mean) ** 4), 'k');"), rows("const mean = map(sum(x, 'k'), (s) => s / 10);\nreturn sum(map(x, mean, (x, mean) => (x - mean) ** 3), 'k');")),
  S106: source('A factor of unknown sign under max, min or topk', 'max of x·r is r·max of x for positive r alone. Exponentials and their sums are positive, other sums may be anything.',
    rows("const total = sum(x, 'k');\nreturn max(map(x, total, (x, total) => x * total), 'k');"), rows("const e = map(x, max(x, 'k'), (x, m) => Math.exp(x - m));\nreturn max(map(e, sum(e, 'k'), (e, total) => e / total), 'k');")),
  S107: source('Rounding of what is still moving', 'Rounding depends on the absolute size, which changes while the axis is walked.',
    rows("const m = max(x, 'k');\nreturn sum(map(x, m, (x, m) => Math.floor(x / m)), 'k');"), twoKernels("max(x, 'k')", "sum(map(x, r, (x, m) => Math.floor(x / m)), 'k')"), 'S102'),
} as const;

/** What cannot be laid out in memory or launched. */
export const launchPages = {
  L101: source('A tensor as large as the product of two long axes', 'Scores of every query against every key are never written to memory. They need not be where what reduces them follows in the same walk; here something between wants them whole.',
    "export const example = kernel('example', { q: 'dynamic', k: 'dynamic', d: 'dynamic' },\n  (q: In<'f32', ['q', 'd']>, k: In<'f32', ['k', 'd']>, v: In<'f32', ['k', 'd']>): Out<'f32', ['q', 'd']> =>\n    dot(map(dot(q, k, 'd'), (s) => s * s), v, 'k'));",
    "export const example = kernel('example', { q: 'dynamic', k: 'dynamic', d: 64 },\n  (q: In<'f32', ['q', 'd']>, k: In<'f32', ['k', 'd']>, v: In<'f32', ['k', 'd']>): Out<'f32', ['q', 'd']> =>\n    dot(map(dot(q, k, 'd'), (s) => s * s), v, 'k'));", 'L103'),
  L102: source('Axes that cannot be read that way in place', 'rename, split and merge move nothing: they read memory under other names. Axes that are merged stand side by side, the outer one first.',
    "export const example = kernel('example', { g: 'dynamic', t: 'dynamic', d: 4, f: 'dynamic' },\n  (x: In<'f32', ['g', 't', 'd']>): Out<'f32', ['t', 'f']> => map(merge(x, 'g', 'd', 'f'), (x) => 2 * x));",
    "export const example = kernel('example', { g: 'dynamic', t: 'dynamic', d: 4, f: 'dynamic' },\n  (x: In<'f32', ['t', 'g', 'd']>): Out<'f32', ['t', 'f']> => map(merge(x, 'g', 'd', 'f'), (x) => 2 * x));", 'T034'),
  L103: plain('No schedule fits the target', 'A block keeps its tiles in registers, shared memory or cache. Fixed axes that are reduced stand in a tile whole; the message names the widest one.',
    "Make the axis 'dynamic', so that it is walked in blocks, or return what is between from a kernel of its own.", 'L101', 'L104'),
  L104: plain('An axis must stand whole, and its length is not known', "Something reads all of an axis at once and nothing walks it, so a tile would be as long as the launch makes the axis.",
    'Give the axis a fixed size, or return what reads it from a kernel of its own.', 'L103'),
  L105: plain('A value is needed whole while it is being reduced', 'gather reads anywhere in its operand, which must therefore be finished, and this one is finished only when its axis was walked.',
    'Return it from one kernel and take it as an input of the next.', 'S101'),
  L108: plain('A list of positions that is carried along an axis', 'topk over a long axis is a launch of its own; it is not part of another walk yet.', 'Return the positions from one kernel as a topk, and take them as an input of the next.'),
  L109: plain('More arguments than a launch takes', 'Parameters, results, sizes and memory between launches count, 64 in all.', 'Return parts from kernels of their own, or put tensors of one shape side by side along an axis.'),
} as const;

/** What compiles, and deserves a look. */
export const warningPages = {
  W001: source('A sum of exponentials without its maximum, made safe', 'exp overflows f32 above 88. Where such a sum is divided by or its logarithm taken, the maximum cancels, so the compiler walks with a running maximum and subtracts it: results are equal wherever the form as written is finite.',
    rows("const l = sum(map(x, (x) => Math.exp(x)), 'k');\nreturn map(l, (l) => Math.log(l));"), rows("const m = max(x, 'k');\nconst l = sum(map(x, m, (x, m) => Math.exp(x - m)), 'k');\nreturn map(m, l, (m, l) => m + Math.log(l));"), 'W003'),
  W002: source('A variance that cancels', 'The mean of squares and the square of the mean are nearly equal where the mean is large beside the spread: f32 has 24 bits, and with a mean of 1,000 spreads the difference has lost 20 of them. Nothing is changed about it.',
    rows("const mean = map(sum(x, 'k'), (s) => s / sizeOf('k'));\nreturn map(sum(map(x, (x) => x * x), 'k'), mean, (s, mean) => s / sizeOf('k') - mean * mean);"), rows("const mean = map(sum(x, 'k'), (s) => s / sizeOf('k'));\nreturn map(sum(map(x, mean, (x, mean) => (x - mean) ** 2), 'k'), (s) => s / sizeOf('k'));")),
  W003: source('Normalised exponentials without their maximum', 'exp overflows f32 above 88, and where all exponents lie below -104 the quotient is 0 / 0. Over a short fixed axis nothing is derived, so nothing is subtracted for you; nor is it for powers such as 2 ** x.',
    "export const example = kernel('example', { q: 'dynamic', k: 16 },\n  (x: In<'f32', ['q', 'k']>): Out<'f32', ['q', 'k']> => {\n    const e = map(x, (x) => Math.exp(x));\n    return map(e, sum(e, 'k'), (e, l) => e / l);\n  });",
    "export const example = kernel('example', { q: 'dynamic', k: 16 },\n  (x: In<'f32', ['q', 'k']>): Out<'f32', ['q', 'k']> => {\n    const e = map(x, max(x, 'k'), (x, m) => Math.exp(x - m));\n    return map(e, sum(e, 'k'), (e, l) => e / l);\n  });", 'W001'),
} as const;
