import { uniform } from './values.js';

/** Source text of `count` random kernels, k0, k1, …: one file over axes q, k (dynamic) and d (16). */
export function randomKernels(seed: number, count: number): string {
  const kernels = Array.from({ length: count }, (_, i) => kernelText(i, drawer(seed * 1000 + i)));
  return `import { dot, type In, kernel, logSumExp, map, max, min, type Out, softmax, sum } from 'warpfold/dsl';\n\n${kernels.join('\n')}`;
}

/** Draws whole numbers below a limit, one after the other. */
type Draw = (below: number) => number;

function drawer(seed: number): Draw {
  let n = 0;
  return (below) => Math.floor(uniform(seed, n++) * below);
}

const pick = <T>(draw: Draw, ...choices: readonly [T, ...T[]]): T => choices[draw(choices.length)] ?? choices[0];

/** Scores [q, k] from random scalar code, then one of the ways to consume them. Every form streams over k or q. */
function kernelText(index: number, draw: Draw): string {
  const scores = draw(2) === 0
    ? `map(dot(y, z, 'd'), t, w, (a, b, c, at) => ${scalar(draw, 3)})`
    : `map(x, t, w, (a, b, c, at) => ${scalar(draw, 3)})`;
  const mask = pick(draw, 'at.k <= at.q', 'at.k <= at.q + 3 && at.q - at.k < 9', '(at.q + at.k) % 3 !== 1', 'at.k < 5 || at.k <= at.q', 'true');
  const s = mask === 'true' ? 'r' : `map(r, (r, at) => ${mask} ? r : -Infinity)`;
  const finite = mask === 'true' ? 'r' : `map(r, (r, at) => ${mask} ? r : 0)`;
  const [result, order] = pick(draw,
    ["softmax(s, 'k')", "['q', 'k']"], ["dot(softmax(s, 'k'), z, 'k')", "['q', 'd']"], ["logSumExp(s, 'k')", "['q']"], ["max(s, 'k')", "['q']"],
    ["sum(map(s, (s) => Math.exp(Math.min(s, 1))), 'q')", "['k']"], ["sum(finite, 'k')", "['q']"], ["min(finite, 'q')", "['k']"], ["dot(finite, z, 'k')", "['q', 'd']"], ['map(finite, (f) => f + 1)', "['k', 'q']"]);
  const binding = result.includes('finite') ? `const finite = ${finite};` : `const s = ${s};`;
  return `export const k${index} = kernel('k${index}', { q: 'dynamic', k: 'dynamic', d: 16 },
  (x: In<'f32', ['q', 'k']>, y: In<'f32', ['q', 'd']>, z: In<'f32', ['k', 'd']>, t: In<'f32', ['q']>, w: In<'f32', ['k']>): Out<'f32', ${order}> => {
    const r = ${scores};
    ${binding}
    return ${result};
  });
`;
}

/** An arrow's body over a, b, c and at: continuous in a, b and c, so that rounding moves its value only a little. */
function scalar(draw: Draw, depth: number): string {
  if (depth === 0) return pick(draw, 'a', 'a', 'b', 'c', '0.5', '-1.25', '2', 'at.q * 0.125', 'at.k * 0.125');
  const sub = (): string => scalar(draw, depth - 1 - draw(2) < 0 ? 0 : depth - 1);
  return pick<() => string>(draw,
    () => `(${sub()} + ${sub()})`, () => `(${sub()} - ${sub()})`, () => `(${sub()} * ${sub()})`, () => `(${sub()} / (1 + Math.abs(${sub()})))`,
    () => `Math.max(${sub()}, ${sub()})`, () => `Math.min(${sub()}, ${sub()})`, () => `Math.tanh(${sub()})`, () => `Math.sin(${sub()})`,
    () => `Math.exp(-Math.abs(${sub()}))`, () => `Math.sqrt(1 + Math.abs(${sub()}))`, () => `Math.log(1 + Math.abs(${sub()}))`, () => `-(${sub()})`,
    () => `((at.q + 2 * at.k) % 4 < 2 ? ${sub()} : ${sub()})`, () => `(a > 0 ? ${sub()} * a : 0)`)();
}
