// 4. Scores of your own: what flexible-attention libraries take as callbacks is plain arithmetic here.
// Run it: `node build/ts/examples/scoreMod.js`.
import { array, denseOf, dot, type In, kernel, map, type Out, slidingWindow, softmax } from 'warpfold/dsl';

// Helpers are ordinary functions of numbers. The compiler follows them into their source, wherever that is.
const softcap = (s: number, limit: number): number => limit * Math.tanh(s / limit);
const alibi = (q: number, k: number, slope: number): number => -slope * (q - k);
const WINDOW = 4;

export const modified = kernel('modified', { q: 'dynamic', k: 'dynamic', d: 64 },
  (q: In<'f32', ['q', 'd']>, k: In<'f32', ['k', 'd']>, v: In<'f32', ['k', 'd']>, slope: In<'f32', []>): Out<'f32', ['q', 'd']> => {
    const s = map(dot(q, k, 'd'), slope, (s, slope, at) =>
      slidingWindow(at.q, at.k, WINDOW) ? softcap(s / Math.sqrt(64), 30) + alibi(at.q, at.k, slope) : -Infinity);
    return dot(softmax(s, 'k'), v, 'k');
  });

// Equal scores but for ALiBi: with slope ln 2 each step back halves the weight, and four keys are visible at most.
const positions = 6;
const zeros = array(new Float64Array(positions * 64), { axes: ['q', 'd'], shape: [positions, 64] });
const keys = array(new Float64Array(positions * 64), { axes: ['k', 'd'], shape: [positions, 64] });
const v = array(Float64Array.from({ length: positions * 64 }, (_, i) => Number(Math.floor(i / 64) === 2)), { axes: ['k', 'd'], shape: [positions, 64] });
const o = denseOf(modified.reference({ q: zeros, k: keys, v, slope: array([Math.LN2], { axes: [], shape: [] }) }));
console.log('weight of key 2 in rows 0…5:', Array.from({ length: positions }, (_, q) => (o.data[q * 64] ?? 0).toFixed(4)).join(' '));
