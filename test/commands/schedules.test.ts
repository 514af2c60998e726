import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planVariants, targets } from '../../codegen/compile.js';
import { readKernels } from '../../codegen/frontend/project.js';
import { graphHash } from '../../codegen/givens.js';
import { type TableEntry, tableText } from '../../codegen/schedule/table.js';
import { folder, warpfold } from './command.js';

const source = `import { dot, type In, kernel, type Out } from 'warpfold/dsl';
export const product = kernel('product', { q: 'dynamic', e: 'dynamic', f: 'dynamic' },
  (x: In<'f32', ['q', 'e']>, w: In<'f32', ['f', 'e']>): Out<'f32', ['q', 'f']> => dot(x, w, 'e'));
`;

/** An entry that serves `product` as it stands above, on the CPU. */
function entry(change: Partial<TableEntry> = {}): TableEntry {
  const [def] = readKernels(['my.ts'], { sources: { 'my.ts': source } })[0]?.variants ?? [];
  const [launch] = def ? planVariants(def, targets.cpu)[0]?.launches ?? [] : [];
  if (!launch) throw new Error('no launch');
  return {
    file: 'my.ts', kernel: 'product', variant: '', launch: launch.symbol, target: 'cpu', graph: graphHash(launch.def),
    schedule: { block: { q: 32, f: 256, e: 64 }, warps: 1, stages: 1, blocksPerProcessor: 1, order: 'natural' },
    measured: { device: 'a processor', date: '2026-11-27', sizes: { q: 1024, e: 512, f: 512 }, ms: 1.5, modelMs: 2 }, ...change,
  };
}

const tableName = 'warpfold.schedules.json';
const withTable = (...entries: readonly TableEntry[]): string => folder({ 'my.ts': source, [tableName]: tableText(entries) });
const compiled = (cwd: string): string => readFileSync(join(cwd, 'kernels-generated', 'cpu', 'product.cpp'), 'utf8');

describe('a table of schedules beside the kernels', () => {
  test('decides, and the generated header says so; the same table gives the same bytes', () => {
    const cwd = withTable(entry());
    expect(warpfold(['compile', 'my.ts'], cwd)).toMatchObject({ code: 0, stderr: '' });
    expect(compiled(cwd)).toContain('// Schedule tuned on a processor.\n// Blocks: q 32, f 256, e 64.');
    expect(warpfold(['compile', 'my.ts', '--check'], cwd).code).toBe(0);
    writeFileSync(join(cwd, tableName), tableText([]));
    expect(warpfold(['compile', 'my.ts', '--check'], cwd).code).toBe(1);
  });

  test('is what explain gives as the reason', () => {
    const { stdout } = warpfold(['explain', 'my.ts'], withTable(entry()));
    expect(stdout).toContain("from the table warpfold.schedules.json:4: q 32 f 256 e 64; measured on a processor at q 1024, e 512, f 512: 1.5 ms, the model's 2 ms");
    expect(stdout).toContain('grid q by 32, f by 256');
  });

  test('may be another file', () => {
    const cwd = folder({ 'my.ts': source, 'other.json': tableText([entry()]) });
    expect(warpfold(['compile', 'my.ts', '--schedules', 'other.json'], cwd).code).toBe(0);
    expect(compiled(cwd)).toContain('Schedule tuned');
    expect(warpfold(['compile', 'my.ts', '--schedules', 'none.json'], cwd)).toMatchObject({ code: 1, stderr: 'error: --schedules none.json: there is no such file; `warpfold tune FILE --out none.json` writes one\n' });
  });

  test.each<[string, Partial<TableEntry>, string]>([
    ['of an earlier version of the kernel', { graph: 'ffffffff' }, "`product` has changed since `product` was tuned for cpu; the entry is passed over: tune again, or remove it"],
    ['of a launch there is not', { launch: 'quotient' }, 'my.ts has no launch `quotient` for cpu; the entry is passed over: tune again, or remove it'],
  ])('an entry %s is passed over with a warning', (_, change, warning) => {
    const cwd = withTable(entry(change));
    expect(warpfold(['compile', 'my.ts'], cwd)).toMatchObject({ code: 0, stderr: `warning: warpfold.schedules.json:4  ${warning}\n` });
    expect(compiled(cwd)).not.toContain('tuned');
  });

  test.each<[string, TableEntry['schedule']['block'], string]>([
    ['an axis that the launch does not cut', { z: 8 }, "it cuts 'z', the launch cuts e, q, f"],
    ['blocks too large', { q: 4096, f: 4096, e: 64 }, 'a block needs'],
  ])('a schedule with %s is an error at its line', (_, block, why) => {
    const { code, stderr } = warpfold(['compile', 'my.ts'], withTable(entry({ schedule: { ...entry().schedule, block } })));
    expect(code).toBe(1);
    expect(stderr).toContain(`warpfold.schedules.json:4:1  error L110: the schedule of \`product\` cannot run on cpu: ${why}`);
    expect(stderr).toContain('tune it again, or remove it\n   4 |     { "file": "my.ts"');
    expect(stderr).toContain('note: the launch is from my.ts:2');
  });

  test('what is no table is an error at its line', () => {
    const cwd = folder({ 'my.ts': source, [tableName]: tableText([entry()]).replace('"q": 32', '"q": -1') });
    const { code, stderr } = warpfold(['check', 'my.ts'], cwd);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^warpfold\.schedules\.json:5:\d+ {2}error L111: no table of schedules: schedules\.0\.schedule\.block\.q: /);
  });
});
