import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { placeIn } from '../../codegen/commands/measure/settle.js';
import { planVariants, targets } from '../../codegen/compile.js';
import { readKernels } from '../../codegen/frontend/project.js';
import { parseTable } from '../../codegen/schedule/table.js';
import { folder, warpfold } from './command.js';

const source = `import { dot, type In, kernel, map, type Out } from 'warpfold/dsl';
export const doubled = kernel('doubled', { q: 'dynamic', k: 'dynamic' }, (x: In<'f32', ['q', 'k']>): Out<'f32', ['q', 'k']> => map(x, (x) => 2 * x));
export const product = kernel('product', { q: 'dynamic', e: 'dynamic', f: [32, 64] },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, w: In<E, ['f', 'e']>, by: In<'f32', []>): Out<'f32', ['q', 'f']> => map(dot(x, w, 'e'), by, (y, by) => y * by));
`;

describe('warpfold tune', () => {
  test('measures schedules of a kernel on the processor and says what came of it', () => {
    const cwd = folder({ 'my.ts': source });
    const args = ['tune', 'my.ts', '--kernel', 'doubled', '--device', 'cpu', '--size', 'q=64', 'k=300', '--top', '2', '--repeats', '2', '--svg', 'tuned.svg'];
    const { code, stdout, stderr } = warpfold(args, cwd);
    expect(code).toBe(0);
    // A busy machine is warned of.
    expect(stderr).toMatch(/^(warning: calls of one and the same kernel differ by ± \d+ %.*\n)?$/);
    expect(stdout).toMatch(/^doubled at q 64, k 300, on .*, \d+ threads?, x86-64-v\d\n\d+ schedules in reach, \d+ can run, 3 measured\n/);
    expect(stdout).toMatch(/rank {2}schedule +median +spread +× model +estimated/);
    expect(stdout).toMatch(/1\.000 +1\.00 .*the model's/);
    // Which schedule wins is the machine's business; that the table says the same as the output is ours.
    const won = /less time than the model's/.test(stdout);
    const path = join(cwd, 'warpfold.schedules.json');
    expect(existsSync(path)).toBe(won);
    if (won) {
      const table = parseTable(readFileSync(path, 'utf8'));
      if ('mistake' in table) throw new Error(table.mistake.message);
      expect(table.entries).toMatchObject([{ file: 'my.ts', kernel: 'doubled', launch: 'doubled', target: 'cpu', measured: { sizes: { q: 64, k: 300 } } }]);
      expect(warpfold(['check', 'my.ts'], cwd)).toMatchObject({ code: 0, stderr: '' });
    } else expect(stdout).toContain('no table is written');
    expect(readFileSync(join(cwd, 'tuned.svg'), 'utf8')).toMatch(/<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*doubled at q 64, k 300/);
  }, 240_000);

  test('searches all launches of several files within a time, and goes on where a run has ended', () => {
    const cwd = folder({ 'a.ts': source, 'b.ts': source.replaceAll('doubled', 'twice').replaceAll('product', 'weighed') });
    const tune = (budget: string): ReturnType<typeof warpfold> => warpfold(['tune', '.', '--device', 'cpu', '--size', 'q=64', '--within', '1', '--top', '1', '--repeats', '2', '--budget', budget], cwd);
    const [journal, table] = ['searched.json', 'json'].map((end) => join(cwd, `warpfold.schedules.${end}`));
    if (journal === undefined || table === undefined) throw new Error('both have names');
    const none = tune('0.01');
    expect([none.code, none.stdout]).toEqual([0, expect.stringMatching(/^0 launches searched in \d+ s on .*\n(.*\n)?not all launches were estimated: the same command goes on with what is left\n$/)]);
    const all = tune('400');
    const [, count, device] = /^(\d+) launches searched in \d+ s on (.*): \d+ take less time/m.exec(all.stdout) ?? [];
    expect(all.code).toBe(0);
    expect(Number(count)).toBeGreaterThan(1);
    expect(all.stdout).not.toContain('goes on with');
    expect(existsSync(journal)).toBe(false);
    if (existsSync(table)) expect(warpfold(['check', '.'], cwd)).toMatchObject({ code: 0, stderr: '' });
    // As a run leaves it that ended behind the first launch.
    const [kernel] = readKernels([join(cwd, 'a.ts')]);
    const launch = kernel?.variants.flatMap((v) => planVariants(v, targets.cpu)).flatMap((p) => p.launches)[0];
    if (kernel === undefined || launch === undefined) throw new Error('a.ts has a kernel');
    writeFileSync(journal, JSON.stringify({ device, searched: [placeIn(table, kernel, launch, 'cpu')] }));
    const rest = tune('400');
    expect([rest.code, /^(\d+) launches searched/m.exec(rest.stdout)?.[1]]).toEqual([0, String(Number(count) - 1)]);
    expect(rest.stderr).not.toContain(`${launch.symbol} at `);
    expect(existsSync(journal)).toBe(false);
  }, 480_000);

  test('several files take a time', () => {
    expect(warpfold(['tune', 'a.ts', 'b.ts'], folder({ 'a.ts': source, 'b.ts': source }))).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: several files take a time to be tuned in, as --budget 600: seconds\n/) });
  });

  test('a journal of another device, or of nothing, is not followed', () => {
    const cwd = folder({ 'my.ts': source, 'warpfold.schedules.searched.json': '{ "device": "another", "searched": [] }' });
    const tune = (): string => warpfold(['tune', 'my.ts', '--kernel', 'doubled', '--device', 'cpu', '--size', 'q=8', 'k=8', '--budget', '0.5'], cwd).stderr;
    expect(tune()).toContain('warning: warpfold.schedules.searched.json is not followed: it is of another device, another\n');
    writeFileSync(join(cwd, 'warpfold.schedules.searched.json'), 'nothing');
    expect(tune()).toContain('warning: warpfold.schedules.searched.json is not followed: it is no journal of `warpfold tune`\n');
  }, 60_000);

  test.each<[string, readonly string[], number, string]>([
    ['an axis there is not', ['--size', 'z=3'], 1, "error: --size z=3: 'doubled' has no axis 'z'; it has q, k\n"],
    ['a length of nothing', ['--size', 'q=0'], 1, 'error: --size q=0: there is nothing to measure without elements\n'],
    ['a fixed axis of another length', ['--kernel', 'product', '--size', 'f=48'], 1, "error: --size f=48: 'product' is compiled for f of 32, 64\n"],
    ['a variant there is not', ['--kernel', 'product', '--variant', 'f16'], 1, "error: 'product' has no variant 'f16'; it has f32_f32, f32_f64, bf16_f32, bf16_f64\n"],
    ['a scalar there is not', ['--kernel', 'product', '--set', 'to=3', '--device', 'cpu'], 1, "error: --set to=3: 'product' has no scalar parameter 'to'; it has by\n"],
    ['a kernel there is not', ['--kernel', 'nope'], 1, "error: my.ts has no kernel 'nope'; it has doubled, product\n"],
    ['code for a GPU on the processor', ['--device', 'cpu', '--target', 'sm_90a'], 1, 'error: --target sm_90a is code for a GPU; leave it out, or ask for --device cuda\n'],
    ['a broken table', ['--out', 'my.ts', '--device', 'cpu'], 1, 'my.ts:1:1  error L111: no table of schedules: no JSON: '],
    ['no number', ['--top', 'many'], 2, "error: option '--top <n>' argument 'many' is invalid. It must be a whole number"],
  ])('refuses %s', (_, more, exit, message) => {
    const { code, stderr } = warpfold(['tune', 'my.ts', ...more], folder({ 'my.ts': source }));
    expect([code, stderr.slice(0, message.length)]).toEqual([exit, message]);
  });
});

describe('warpfold bench', () => {
  test('times kernels against their roofline, and against an earlier run', () => {
    const cwd = folder({ 'my.ts': source });
    const args = ['bench', 'my.ts', '--kernel', 'product', '--variant', 'f32_f32', '--device', 'cpu', '--size', 'q=64', 'e=64', '--seconds', '0.01'];
    const { code, stdout, stderr } = warpfold([...args, '--json', 'a.json'], cwd);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^.*x86-64-v\d\nmeasured in this run: \d+ GFLOP\/s of f32, [\d.]+ GB\/s of memory read and written\n\nkernel +variant +sizes +median +p10 – p90 +GFLOP\/s +GB\/s +bound by +of bound\nproduct +f32_f32 +q 64 e 64 f 32 /);
    const report = JSON.parse(readFileSync(join(cwd, 'a.json'), 'utf8')) as { readonly rows: readonly { readonly work: unknown }[] };
    expect(report.rows.map((r) => r.work)).toEqual([{ halves: 0, products: 2 * 64 * 64 * 32, elements: 64 * 32, bytes: 4 * (64 * 64 + 32 * 64 + 64 * 32 + 1) }]);
    expect(warpfold([...args, '--baseline', 'a.json'], cwd).stdout).toMatch(/against baseline\n.*× the time/);
    expect(warpfold([...args, '--baseline', 'my.ts'], cwd)).toMatchObject({ code: 1, stderr: 'error: --baseline my.ts: it is no JSON; `warpfold bench FILE --json my.ts` writes one\n' });
  }, 240_000);
});
