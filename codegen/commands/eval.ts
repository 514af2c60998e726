import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EvaluateOptions } from '../../runtime/eval/evaluate.js';
import type { EvalResults } from '../../runtime/eval/results.js';
import { packageRoot } from './build.js';
import { CommandError } from './failure.js';
import { progress } from './progress.js';
import { inTable } from './table.js';

export interface EvalOptions {
  readonly model?: string;
  readonly from?: readonly string[];
  readonly task?: readonly string[];
  readonly lengths: readonly number[];
  readonly cases: number;
  readonly methods: string;
  readonly data: readonly string[];
  readonly haystack: string;
  readonly template?: string;
  readonly predict?: number;
  readonly seed: number;
  readonly chat: boolean;
  readonly out: string;
  readonly replace: boolean;
  readonly report?: string;
  readonly svg?: string;
  readonly device: 'auto' | 'cpu' | 'cuda';
  readonly dtype?: 'f32' | 'bf16';
  readonly kvDtype?: 'auto' | 'f8e4m3';
  readonly memoryBudget?: number;
  readonly dryRun: boolean;
}

/** Judges a model, or reads a run that was made before, and writes what was asked for of it: on stdout a table. */
export async function evalModel(options: EvalOptions): Promise<void> {
  const results = options.from === undefined ? await run(options) : await readRun(options.from);
  if (results === undefined) return;
  await write(results, options);
  const { resultTables } = await import('../../runtime/eval/tables.js');
  process.stdout.write(resultTables(results).map(({ title, head, rows }) => `${title}\n${inTable(head, rows)}`).join('\n'));
}

async function readRun(paths: readonly string[]): Promise<EvalResults> {
  const [{ parseResults }, { joinResults }] = await Promise.all([import('../../runtime/eval/results.js'), import('../../runtime/eval/join.js')]);
  const [first, ...rest] = paths.map((where) => ({ where, results: parseResults(readFileSync(where, 'utf8'), where) }));
  if (first === undefined) throw new CommandError('--from needs a results file');
  return joinResults([first, ...rest]);
}

/** Runs what is asked for, or with --dry-run says how much that is; Ctrl-C stops it, and the same command goes on. */
async function run(options: EvalOptions): Promise<EvalResults | undefined> {
  const { model } = options;
  if (model === undefined) throw new CommandError('nothing to evaluate; name a model directory with --model, or a results file with --from');
  const [{ evaluate, estimate }, { pointText }] = await Promise.all([import('../../runtime/eval/evaluate.js'), import('../../runtime/eval/tables.js')]);
  const stop = new AbortController();
  const asked: EvaluateOptions = { ...options, model, tasks: await tasksOf(options), predicted: options.predict, origin: originOf(), signal: stop.signal };
  if (options.dryRun) {
    process.stdout.write(estimateTable(await estimate(asked)));
    return undefined;
  }
  mkdirSync(dirname(options.out), { recursive: true });
  const onInterrupt = (): void => stop.abort(new Interrupted());
  process.once('SIGINT', onInterrupt);
  const bar = progress('evaluating');
  try {
    for await (const event of evaluate(asked)) {
      if (event.type === 'start') {
        process.stderr.write(`${event.device}\n`);
        if (event.done > 0) process.stderr.write(`${event.done} of ${event.total} cases are done already, in ${options.out}\n`);
      } else if (event.type === 'case') bar.update(event.done, event.total, `${event.result.method} ${event.result.task} ${event.result.length ?? ''}`);
      else if (event.type === 'point') logged(pointText(event.point));
      else return event.results;
    }
  } finally {
    bar.stop();
    process.off('SIGINT', onInterrupt);
  }
  throw new Error('the evaluation ended without its results');
}

/** Where no bar can be shown, a line per point tells how far a long run is. */
function logged(line: string): void {
  if (process.stderr.isTTY !== true) process.stderr.write(`${line}\n`);
}

async function tasksOf({ task, data }: EvalOptions): Promise<EvaluateOptions['tasks']> {
  const { madeTasks } = await import('../../runtime/eval/cases.js');
  const names = task ?? (data.length > 0 ? [] : ['passkey', 'number', 'kv', 'ppl']);
  return [...new Set(names)].map((name) => {
    const found = madeTasks.find((t) => t === name);
    if (found === undefined) throw new CommandError(`there is no task '${name}'; there are ${madeTasks.join(', ')}, and files with --data`);
    return found;
  });
}

async function write(results: EvalResults, { report, svg }: EvalOptions): Promise<void> {
  if (report === undefined && svg === undefined) return;
  const { pictures, reportHtml } = await import('../../runtime/eval/report.js');
  if (report !== undefined) put(report, await reportHtml(results));
  if (svg !== undefined) for (const { name, svg: text } of await pictures(results)) put(join(svg, name), text);
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  process.stderr.write(`wrote ${path}\n`);
}

function estimateTable(rows: readonly { readonly method: string; readonly length: number; readonly cases: number; readonly tokens: number; readonly flops: number }[]): string {
  const total = rows.reduce((sum, row) => ({ tokens: sum.tokens + row.tokens, flops: sum.flops + row.flops }), { tokens: 0, flops: 0 });
  const cells = rows.map((r) => [r.method, r.length.toLocaleString('en-US'), String(r.cases), ...work(r)]);
  return inTable(['method', 'tokens in all', 'cases', 'tokens to read', 'TFLOP'], [...cells, ['all', '', String(rows.reduce((n, r) => n + r.cases, 0)), ...work(total)]]);
}

const work = ({ tokens, flops }: { readonly tokens: number; readonly flops: number }): readonly [string, string] =>
  [Math.round(tokens).toLocaleString('en-US'), (flops / 1e12).toLocaleString('en-US', { maximumSignificantDigits: 3 })];

/** What results say of the program: the command line as it can be typed again, the version, and the commit of a checkout. */
function originOf(): EvaluateOptions['origin'] {
  const root = packageRoot();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  return { command: `warpfold ${process.argv.slice(2).map(quoted).join(' ')}`, version, commit: commitOf(root) };
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The commit that is checked out, with a + where files differ from it; undefined where the package lies in no checkout of its own, or there is no git. */
function commitOf(root: string): string | undefined {
  try {
    const git = (...args: readonly string[]): string => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    // Installed for another project, it lies in that one's checkout.
    if (realpathSync(git('rev-parse', '--show-toplevel')) !== realpathSync(root)) return undefined;
    return `${git('rev-parse', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+'}`;
  } catch {
    return undefined;
  }
}

/** What an interrupted run ends with: what is done is on disk. */
class Interrupted extends Error {
  readonly code = 'R499';
  constructor() {
    super('interrupted; the same command goes on where this one stopped');
  }
}
