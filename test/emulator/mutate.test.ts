import { afterAll, describe, expect, test } from 'vitest';
import { manifest } from '../../kernels-generated/manifest.js';
import { excuseFor, excuses, mutation, ownKernels } from './mutate.js';
import { mutantsOf, nameOf, onlyLaunches, sampleOf, withChoices } from './mutants.js';
import { allSubjects, callersOf, subjectsOf } from './subjects.js';
import { type Judged, suffices, tableOf } from './mutantTable.js';

const text = `// blockBarrier(); waitCopies<0>();
DEVICE void block(int n) {
  commitCopies();
  waitCopies<STAGES - 2>();
  if (n > 0) blockBarrier();
}
KERNEL(32, 1) first(int n) { block(n); }
KERNEL(32, 1) second(int n) { warpBarrier(); }
DEVICE void consume(Ring keys, int n) {
  keys.receive();
  settle<0>(s, o);
  arriveExpecting(keys.full(), n * 2);
}
KERNEL(32, 1) third(int n) {
  keys.init();
  namedBarrier(1 + n, 256);
  awaitPhase(at(full(), n), phase ^ 1);
}
`;

describe('mutants', () => {
  test('each synchronisation is deleted, and each of a count also changed by one', () => {
    expect(mutantsOf('x.cu', text).map(nameOf)).toEqual([
      'x.cu first 0: commitCopies(); → deleted',
      'x.cu first 1: waitCopies<STAGES - 2>(); → deleted',
      'x.cu first 1: waitCopies<STAGES - 2>(); → waitCopies<(STAGES - 2) + 1>();',
      'x.cu first 2: blockBarrier(); → deleted',
      'x.cu second 0: warpBarrier(); → deleted',
      'x.cu third 0: keys.receive(); → deleted',
      'x.cu third 1: settle<0>(s, o); → deleted',
      'x.cu third 1: settle<0>(s, o); → settle<(0) + 1>(s, o);',
      'x.cu third 2: arriveExpecting(keys.full(), n * 2); → deleted',
      'x.cu third 2: arriveExpecting(keys.full(), n * 2); → arriveExpecting(keys.full(), (n * 2) + (-16));',
      'x.cu third 2: arriveExpecting(keys.full(), n * 2); → arriveExpecting(keys.full(), (n * 2) + (16));',
      'x.cu third 3: namedBarrier(1 + n, 256); → deleted',
      'x.cu third 3: namedBarrier(1 + n, 256); → namedBarrier(1 + n, (256) + (-32));',
      'x.cu third 3: namedBarrier(1 + n, 256); → namedBarrier(1 + n, (256) + (32));',
      'x.cu third 4: awaitPhase(at(full(), n), phase ^ 1); → deleted',
    ]);
  });

  test('a mutant is the text with one call changed and everything else in its line', () => {
    const [, , , barrier] = mutantsOf('x.cu', text);
    expect(barrier?.text).toBe(text.replace('if (n > 0) blockBarrier();', 'if (n > 0) ;'));
    expect(barrier?.line).toBe(5);
  });

  test('a function of a header is not called where it is defined', () => {
    const header = 'DEVICE void first() {\n  blockBarrier();\n}\nDEVICE A& second(A& a) {\n  return a;\n}\nDEVICE void third() {\n  second(a);\n}\n';
    expect(callersOf(header, ['second'])).toEqual(['second', 'third']);
  });

  test('in a header they belong to the function around them', () => {
    expect(mutantsOf('x.cuh', 'template <class T> DEVICE void each(T x) {\n  blockBarrier();\n}\n').map(nameOf)).toEqual(['x.cuh each 0: blockBarrier(); → deleted']);
  });
});

test('a text holds all of its mutants, each behind its number, in lines of the same number', () => {
  const numbered = mutantsOf('x.cu', text).map((m, i) => [i + 1, m] as const);
  const lines = withChoices(text, numbered).split('\n');
  expect(lines).toHaveLength(text.split('\n').length);
  expect(lines[0]).toBe('extern "C" const int chosenMutant; // blockBarrier(); waitCopies<0>();');
  expect(lines[3]).toBe('  { if (chosenMutant == 2) {  } else if (chosenMutant == 3) { waitCopies<(STAGES - 2) + 1>(); } else waitCopies<STAGES - 2>(); }');
  expect(lines[4]).toBe('  if (n > 0) { if (chosenMutant == 4) {  } else blockBarrier(); }');
});

describe('what counts', () => {
  const mutants = mutantsOf('x.cu', text);
  const judged = (kinds: readonly Judged['verdict']['kind'][], excused = false): readonly Judged[] =>
    kinds.map((kind, i) => ({ mutant: mutants[i % mutants.length] ?? expect.unreachable(), verdict: { kind, how: '' }, ...(excused ? { excuse: { mutants: '', reason: 'nobody waits' } } : {}) }));
  const caught = Array.from({ length: 19 }, () => 'reported' as const);

  test('one of twenty may survive, with a reason', () => {
    expect(suffices(judged([...caught, 'survived'], true))).toBe(true);
    expect(suffices(judged([...caught, 'survived']))).toBe(false);
    expect(suffices(judged([...caught, 'survived', 'survived'], true))).toBe(false);
  });
  test('a text that fails as it is suffices nobody', () => expect(suffices(judged([...caught, 'fails']))).toBe(false));
  test('the table has a row for each text and tells each survivor', () => {
    expect(tableOf(judged(['reported', 'wrong', 'survived', 'survived'], true))).toMatchInlineSnapshot(`
      "| text | mutants | reported | wrong result | survived | with a reason | caught |
      |---|---|---|---|---|---|---|
      | x.cu | 4 | 1 | 1 | 2 | 2 | 50.0 % |
      | all | 4 | 1 | 1 | 2 | 2 | 50.0 % |

      - x.cu first 1: waitCopies<STAGES - 2>(); → waitCopies<(STAGES - 2) + 1>();: nobody waits
      - x.cu first 2: blockBarrier(); → deleted: nobody waits"
    `);
  });
});

test('a text is cut down to some of its launches', () => {
  const of = (name: string): string => `namespace ${name}_block {\nint one() {\n  return 1;\n}\n}  // namespace ${name}_block\n\nKERNEL(32, 1) ${name}(int n) {\n  block(n);\n}\n`;
  expect(onlyLaunches(`#include "device.cuh"\n${of('a')}${of('b')}${of('c')}`, ['b'])).toBe(`#include "device.cuh"\n${of('b')}`);
});

// All of them: `npm run test:mutants`.
describe('a sample of the synchronisations of generated kernels', () => {
  const run = mutation(ownKernels(manifest));
  afterAll(() => run[Symbol.dispose]());

  test('every excuse is about some mutant', () => {
    expect(excuses.filter((e) => !run.all.some((m) => new RegExp(e.mutants).test(nameOf(m))))).toEqual([]);
  });

  test('each is judged by variants that its text is of', () => {
    const texts = ownKernels(manifest);
    for (const m of run.all.filter((x) => x.file.endsWith('.cu'))) {
      const files = subjectsOf(allSubjects(manifest), texts, m).flatMap((s) => s.variant.launches.flatMap((l) => (l.symbol === m.owner ? [l.file] : [])));
      expect(new Set(files), nameOf(m)).toEqual(new Set([`cuda/${m.file}`]));
    }
  });

  test.for(sampleOf(run.all, 32, 20250601).map((m) => [nameOf(m), m] as const))('%s: is caught, or has a reason not to be', { timeout: 300_000 }, async ([name, mutant]) => {
    const { kind, how } = await run.verdict(mutant);
    expect({ kind, how, excuse: excuseFor(name)?.reason }).not.toMatchObject({ kind: 'survived', excuse: undefined });
  });
});
