import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { root } from '../gpu/open.js';
import { type GpuReport, type GpuRow, type GpuSection, joined, markdown, titles } from './gpuTable.js';
import { gpuWorks, type WorkGroup } from './gpuWorks.js';
import { performance, shown } from './readme/section.js';
import { cell, commandOf, newest, ranOn, rowOf, tablesOf } from './readme/tables.js';
import { checkedIn, withFigures } from './readme/write.js';

const groups = Object.keys(titles) as readonly WorkGroup[];
const seconds = fc.double({ min: 1e-6, max: 1, noNaN: true });
const row = (group: WorkGroup, id: string): fc.Arbitrary<GpuRow> => fc.record({
  id: fc.constant(id), group: fc.constant(group), flops: fc.double({ min: 1e9, max: 1e15, noNaN: true }), bytes: fc.double({ min: 1e3, max: 1e10, noNaN: true }),
  ours: seconds.map((median) => ({ median, low: median / 2, high: 2 * median, calls: 50 })), peers: fc.record({ cudnn: fc.oneof(seconds, fc.constant('out of memory')) }),
});
const section = (group: WorkGroup): fc.Arbitrary<GpuSection> => fc.record({
  group: fc.constant(group), date: fc.constant('2027-01-02'), command: fc.constant(`node gpu.js ${group}`), device: fc.constant('NVIDIA H200, 132 multiprocessors, driver for CUDA 13.0'),
  peers: fc.constant('NVIDIA H200, PyTorch 2.11.0+cu130, cuDNN 91900'), copyRate: fc.constant(4e12), ownCopyRate: fc.constant(3.9e12), matmulRate: fc.option(fc.constant(7e14), { nil: undefined }),
  rows: fc.tuple(row(group, 'first'), row(group, 'second')),
});
const reports = fc.subarray([...groups], { minLength: 1 }).chain((some) => fc.tuple(...some.map(section))).map((sections): GpuReport => ({ date: '2027-01-02', sections }));

describe('the README', () => {
  test('shows the figures of the tables that are checked in: `npm run readme` writes them', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    expect(withFigures(readme, performance(checkedIn()))).toBe(readme);
    expect(performance(checkedIn()).split('\n').length).toBeLessThanOrEqual(40);
  });

  test('shows works that the benchmark measures, by their names', () => {
    const ids = gpuWorks(false).map((w) => w.id);
    const wanted = [...shown.attention, ...shown.decode, ...shown.matmul, ...shown.mods.map((mod) => `${mod}, d128 B4 H16 4096`)];
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('has room for what is not measured yet', () => {
    const asked = ['ours', 'transformers, dense', 'PyTorch ParallelComp'].flatMap((reader) => ['131072', '1048576'].map((tokens) => `| ${reader} | ${tokens} | 1.00 |`));
    const mods = shown.mods.map((mod, i) => `| ${mod}, d128 B4 H16 4096 | 400 | 300 (1.${i}0×) |`);
    const later = [
      ...tablesOf('llama8b-2027-01-02.md', `# t\n\n## A question over a document\n\n|  | tokens | time to first token, s |\n|---|---|---|\n${asked.join('\n')}\n| ours, dense | 131072 | 2.00 |\n`),
      ...tablesOf('gpu-2027-01-02.md', `# t\n\n## ${titles.mods}\n\n| work | ours | FlexAttention |\n|---|---|---|\n${mods.join('\n')}\n`),
    ];
    const shared = tablesOf('gpu-2027-01-02.md', `# t\n\n## ${titles.matmul}\n\n| work | ours | of the matmul rate |\n|---|---|---|\n| ${shown.matmul[0]} | 700 (710…690) | 1.02 |\n`);
    const made = performance([...checkedIn(), ...later, ...shared]);
    expect(made).toContain('| bf16 | ours | cuBLAS | eager PyTorch | torch.compile | of the matmul rate |');
    expect(made).toContain(`| ${shown.matmul[0]} | 700 |  |  |  | 1.02 |`);
    expect(made).toContain('soft-cap 30 1.00×, ALiBi 1.10×, window 1024 1.20×, documents by ids 1.30×, documents packed 1.40×, prefix 1024 1.50×');
    expect(made).toContain('| PyTorch ParallelComp | 131072 | 1.00 |');
    expect(made).not.toContain('Not measured yet');
    expect(made.split('\n').length).toBeLessThanOrEqual(40);
  });

  test('says what was not measured, and of tables without figures that nothing was', () => {
    expect(performance([])).toContain('Not measured yet: FlexAttention');
    expect(performance([])).toContain('transformers, dense over 131072 tokens');
  });

  test('a README without markers is refused', () => expect(() => withFigures('# nothing', '')).toThrow('<!-- figures -->'));
});

describe('a table of the benchmark', () => {
  property.prop([reports])('is read back as it was written: every work, its machine, its command', (report) => {
    const tables = tablesOf('gpu-2027-01-02.md', markdown(report));
    for (const { group, rows, matmulRate, command } of report.sections) {
      const table = newest(tables, titles[group]);
      if (table === undefined) throw new Error(`no table '${titles[group]}'`);
      expect(ranOn(table)).toBe('NVIDIA H200, driver for CUDA 13.0, PyTorch 2.11.0+cu130, cuDNN 91900, 2027-01-02');
      expect(commandOf(table)).toBe(command);
      for (const { id, flops, ours } of rows) {
        if (typeof ours === 'string') throw new Error('all were measured');
        expect(cell(table, rowOf(table, id), 'of the matmul rate')).toBe(matmulRate === undefined ? undefined : (flops / ours.median / matmulRate).toFixed(2));
        expect(cell(table, rowOf(table, id), 'cuDNN')).toMatch(/×\)$|^out of memory$/);
      }
    }
  });

  property.prop([reports, reports])('of several runs has each group once, as the later run has it', (a, b) => {
    const { sections } = joined([a, b]);
    const of = (r: GpuReport): readonly WorkGroup[] => r.sections.map((s) => s.group);
    expect(sections.map((s) => s.group).sort()).toEqual([...new Set([...of(a), ...of(b)])].sort());
    for (const s of b.sections) expect(sections).toContain(s);
  });

  test('is the newest by its date; of one day, what the benchmark wrote itself', () => {
    const file = (name: string, figure: string): ReturnType<typeof tablesOf> => tablesOf(name, `# t\n\n## T\n\n| work | ours |\n|---|---|\n| a | ${figure} |\n`);
    const tables = [...file('gpu-2027-01-02.md', 'own'), ...file('hopper-2027-01-02.md', 'by hand'), ...file('gpu-2027-01-01.md', 'older')];
    expect(newest(tables, 'T')?.rows).toEqual([['a', 'own']]);
    expect(newest(tables.slice(1), 'T')?.rows).toEqual([['a', 'by hand']]);
  });

  property.prop([fc.double({ min: 0.5, max: 1.5, noNaN: true })])('says which goals were reached', (share) => {
    const ours = { median: 1, low: 1, high: 1, calls: 50 };
    const rows: readonly GpuRow[] = [
      { id: 'd128 B4 H16 4096 full', group: 'attention', flops: 1, bytes: 1, ours, peers: { cudnn: share } },
      { id: 'd128 B4 H16 4096 causal', group: 'attention', flops: 1, bytes: 1, ours, peers: { cudnn: 'out of memory' } },
    ];
    const said = markdown({ date: '2027-01-02', sections: [{ group: 'attention', date: '2027-01-02', command: '', device: '', peers: '', copyRate: 1, ownCopyRate: 1, rows }] });
    const goal = (id: string): string | undefined => newest(tablesOf('gpu-2027-01-02.md', said), 'Goals')?.rows.find((r) => r[0] === id)?.at(-1);
    expect(goal('d128 B4 H16 4096 full')).toBe(share >= 1.1 ? 'aim reached' : share >= 0.97 ? 'reached' : 'missed');
    expect(goal('d128 B4 H16 4096 causal')).toBe('not measured');
  });
});
