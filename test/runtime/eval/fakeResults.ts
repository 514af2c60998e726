import { aggregates } from '../../../runtime/eval/aggregate.js';
import { parseMethods, usualMethods } from '../../../runtime/eval/methods.js';
import type { CaseResult, EvalResults } from '../../../runtime/eval/results.js';
import { uniform } from '../../kit/values.js';

/** Results that nobody measured, in the shape of a long run: for pictures and files, not for claims. */
export function fakeResults(lengths: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128].map((k) => 1024 * k), cases = 50): EvalResults {
  const methods = parseMethods(usualMethods, { numLayers: 6, window: 1024, parallelComp: { keepChunks: 2, capacity: 450 } });
  const all = methods.flatMap((method, m) => lengths.flatMap((length, l) => ['passkey', 'number', 'ppl'].flatMap((task, t) => Array.from({ length: cases }, (_, index): CaseResult => {
    const chance = m === 0 ? (l === 0 ? 1 : 0) : m < 3 ? 1024 / length : 1 - 0.03 * l - 0.01 * m;
    const cost = { tokens: length, seconds: (m === 0 ? length ** 2 * 1e-9 : m < 3 ? 0.01 : length * 1e-5) * (0.9 + 0.2 * uniform(7, index)), peakBytes: 2 ** 25 + (m === 0 ? length * 6144 : 0) };
    const asked = { task, method: method.id, length, index, seed: `1 ${task} ${length} ${index}` };
    if (task === 'ppl') return { kind: 'perplexity', ...asked, nll: (m === 0 ? 4.3 + 1.2 * l : 4.3) + 0.2 * uniform(l + 10 * m, index), predicted: 128, ...cost };
    const right = uniform(100 * m + 10 * l + t, index) < chance;
    return { kind: 'answer', ...asked, depth: (index + 0.5) / cases, expected: ['12345'], answer: right ? ' 12345' : ' 5', score: right ? 1 : 0, ...cost };
  }))));
  return {
    format: 'warpfold-eval/1',
    run: { command: 'warpfold eval --model bookworm', version: '0.0.0', node: 'v20', platform: 'linux x64', device: 'No device', dtype: 'f32', started: '2026-01-01T00:00:00Z', finished: '2026-01-01T01:00:00Z' },
    model: { id: 'bookworm', window: 1024, files: [{ path: 'config.json', bytes: 535, sha256: 'ab'.repeat(32) }] },
    settings: { tasks: ['passkey', 'number', 'ppl'], lengths: [...lengths], cases, predicted: 128, seed: 1, chat: false, methods: methods.map((m) => ({ ...m, parallelComp: { ...m.parallelComp } })), haystack: { source: 'novel', sha256: 'cd'.repeat(32) }, templates: {}, data: [] },
    aggregates: [...aggregates(all)], cases: all,
  };
}
