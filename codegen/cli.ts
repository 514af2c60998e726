#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, Option } from 'commander';
import type { AskOptions } from './commands/ask.js';
import type { BenchOptions } from './commands/bench.js';
import type { BuildCommandOptions } from './commands/build.js';
import type { CompileOptions } from './commands/compile.js';
import type { EvalOptions } from './commands/eval.js';
import type { ExplainOptions } from './commands/explain.js';
import type { NewOptions } from './commands/new.js';
import type { RunOptions } from './commands/run.js';
import { atLeast, bytes, collected, deviceName, deviceOption, examples, fraction, kvDtypeOption, lengths, names, notEmpty, port, share, targetOption, targets, whole, within } from './cliOptions.js';
import { packageVersion, templateNames } from './templates.js';
import type { ServeOptions } from './commands/serve.js';
import { serveHelp } from './commands/serveHelp.js';
import type { TuneOptions } from './commands/tune.js';

/** The command line. Every command's code is loaded when it runs. */
export function program(): Command {
  const warpfold = new Command('warpfold')
    .description('Compile tensor kernels written in TypeScript, and ask models about documents longer than they were trained for.')
    .version(packageVersion(), '-V, --version', 'print the version of this package')
    .showHelpAfterError('(add --help for what there is)')
    .addHelpText('after', `
A kernel is an exported constant: export const k = kernel('k', { q: 'dynamic' }, (x: In<…>): Out<…> => …).
Start with  warpfold new my-kernel,  which makes a project that runs;  warpfold explain my.ts  shows what becomes of a kernel.
Ask a model about a long text:  warpfold ask --help.

Exit codes: 0 done, 1 something in your files or arguments is wrong and stderr says what, 2 the command was misused.`);

  warpfold.command('new').argument('<name>', 'of the folder and its kernel')
    .description('make a project with a kernel, a property test and a benchmark that run at once')
    .addOption(new Option('--template <name>', 'what the kernel computes').choices(templateNames()).default('minimal'))
    .addHelpText('after', examples('new row-norm', `new scores --template ${templateNames()[0] ?? ''}`))
    .action(async (name: string, options: NewOptions) => (await import('./commands/new.js')).newProject(name, options));

  warpfold.command('check').argument('<file...>', 'TypeScript files with kernels, or folders of them')
    .description('check types, the compilable subset and the derivations of kernels; writes nothing')
    .addHelpText('after', examples('check examples/matmul.ts', 'check src'))
    .action(async (files: string[]) => (await import('./commands/check.js')).check(files));

  warpfold.command('compile').argument('<file...>', 'TypeScript files with kernels, or folders of them')
    .description('write the kernels of some files as C++ and CUDA sources with a typed manifest')
    .option('--target <names>', 'comma-separated: cpu, sm_80, sm_90a', targets, ['cpu'])
    .option('--out <dir>', 'where sources and manifest.ts go', 'kernels-generated')
    .option('--check', 'write nothing; fail if anything would change', false)
    .option('--watch', 'stay, and compile what changes whenever a source or what it imports does', false)
    .option('--line', 'add #line directives: nvcc, g++, compute-sanitizer and profilers then point at your TypeScript (run them where you compile)', false)
    .option('--resources', 'have nvcc compile the text for GPUs and show registers, shared memory, spills and occupancy of each', false)
    .option('--build <dir>', 'where `warpfold build` puts what it compiles; reports of ptxas that are still true are shown from there (default: build/kernels beside --out)')
    .option('--schedules <file>', 'measured schedules as `warpfold tune` writes them (default: warpfold.schedules.json beside each file)')
    .addHelpText('after', examples('compile src/kernels', 'compile src --watch', 'compile src/kernels/*.ts --target cpu,sm_80,sm_90a --out kernels-generated', 'compile src/kernels/*.ts --target sm_80 --resources', 'compile src/kernels/*.ts --target sm_80 --line', 'compile src/kernels/*.ts --check'))
    .action(async (files: string[], options: CompileOptions) => (await import('./commands/compile.js')).compile(files, options));

  warpfold.command('build')
    .description('compile generated C++ sources, and CUDA sources where nvcc is, into what the runtime loads; what is up to date is left alone')
    .option('--generated <dir>', 'what `warpfold compile` wrote (default: this package\'s own kernels)')
    .option('--out <dir>', 'where libraries go (default: build/kernels of this package)')
    .addOption(new Option('--isa <name>', 'native: what this processor runs best; all: every instruction set').choices(['native', 'all']).default('native'))
    .option('--check-sass', 'look at the machine code for Hopper with cuobjdump: fail where it does not copy boxes and multiply by warpgroups as it was meant to, or uses local memory', false)
    .addHelpText('after', examples('build', 'build --generated kernels-generated --out build/kernels'))
    .action(async (options: BuildCommandOptions) => (await import('./commands/build.js')).buildKernels(options));

  warpfold.command('explain').argument('[file or code]', 'a TypeScript file with kernels, or the code of an error or a warning, as S103')
    .description('show what becomes of a kernel: the program after each stage, the derivation and its certificate, the schedule and why, generated lines; or what a code means')
    .option('--codes', 'list all codes', false)
    .option('--kernel <name>', 'only this kernel')
    .option('--stage <names>', 'only the program after these stages, comma-separated; `--stage list` names them')
    .option('--target <name>', 'cpu, sm_80 or sm_90a (default: cpu; with --html cpu and sm_80, comma-separated)', targets)
    .option('--html <path>', 'write a page that stands alone, with source, program and generated code side by side: a .html file for one kernel, a folder for all of the file')
    .option('--bench <file>', 'with --html: what `warpfold bench --json` measured, to stand under the roofline')
    .option('--build <dir>', 'where `warpfold build` puts what it compiles; for GPUs, what its reports say of the kernel is shown', 'build/kernels')
    .option('--schedules <file>', 'measured schedules as `warpfold tune` writes them (default: warpfold.schedules.json beside the file)')
    .addHelpText('after', examples('explain examples/matmul.ts', 'explain S103', 'explain examples/matmul.ts --html matmul.html', 'explain examples/matmul.ts --kernel projected --stage stream', 'explain examples/matmul.ts --stage list'))
    .action(async (subject: string | undefined, options: ExplainOptions) => (await import('./commands/explain.js')).explainSubject(subject, options));

  warpfold.command('run').argument('<file>', 'a TypeScript file with the kernel')
    .description('run one kernel on real tensors')
    .requiredOption('--kernel <name>', 'which kernel of the file')
    .requiredOption('--inputs <file>', 'a .safetensors file with one tensor per parameter, by name, axes in the parameter\'s memory order')
    .requiredOption('--output <file>', 'the .safetensors file to write the results to')
    .addOption(new Option('--device <name>', 'reference: float64, straight from the source; cpu: compiled; cuda: compiled, on a GPU; emulator: the CUDA text, lane by lane, races found').choices(['reference', 'cpu', 'cuda', 'emulator']).default('cpu'))
    .option('--size <axis=length...>', 'lengths of axes that no input shows', collected)
    .addHelpText('after', examples('run examples/matmul.ts --kernel projected --inputs in.safetensors --output out.safetensors', 'run examples/eviction.ts --kernel keep --size n=4 --inputs in.safetensors --output out.safetensors --device reference'))
    .action(async (file: string, options: RunOptions) => (await import('./commands/run.js')).run(file, options));

  warpfold.command('tune').argument('<file...>', 'TypeScript files with kernels, or folders of them')
    .description('measure schedules of kernels on the device at hand and keep those that beat the model\'s in a table that compile, run and explain follow')
    .option('--kernel <name>', 'only this kernel')
    .option('--variant <name>', 'only this variant of it, as in bf16_d128')
    .addOption(deviceOption())
    .addOption(targetOption())
    .option('--size <axis=length...>', 'lengths to measure at (default: 8 heads, batches and parts, all else 1024, on a GPU 4096, less where that is too much)', collected)
    .option('--set <name=value...>', 'values of scalar parameters (default: 0.125, whole numbers 0)', collected)
    .option('--top <n>', 'schedules to measure beside the model\'s, those that the model thinks best', atLeast(1), 12)
    .option('--within <steps>', 'how far to look: a step doubles or halves one block or changes one other choice', atLeast(1), 3)
    .option('--repeats <n>', 'rounds in which each is timed; the best few are timed twice as often again', atLeast(1), 7)
    .option('--budget <seconds>', 'time for all together, of several files and of every form that serves other shapes: what the model is least sure of is measured; run again, it goes on with the rest', fraction)
    .option('--out <file>', 'the table (default: warpfold.schedules.json beside the file)')
    .option('--svg <file>', 'draw what was measured')
    .addHelpText('after', examples('tune examples/matmul.ts --variant f32', 'tune my.ts --kernel grouped --variant bf16_d128 --size q=8192 k=8192 --device cuda', 'tune examples/matmul.ts --size q=1 --top 30 --svg tuned.svg', 'tune src/kernels --budget 600 --device cuda'))
    .action(async (files: [string, ...string[]], options: TuneOptions) => (files.length === 1 && options.budget === undefined ? (await import('./commands/tune.js')).tuneFile(files[0], options) : (await import('./commands/tuneWithin.js')).tuneWithin(files, options)));

  warpfold.command('bench').argument('<file>', 'a TypeScript file with kernels')
    .description('time kernels on the device at hand against what it does at best, measured in the same run: medians, spread, rates, share of the roofline')
    .option('--kernel <name>', 'only this kernel')
    .option('--variant <name>', 'only this variant of it, as in bf16_d128')
    .addOption(deviceOption())
    .addOption(targetOption())
    .option('--size <axis=length...>', 'lengths to measure at (default: 8 heads, batches and parts, all else 1024, on a GPU 4096, less where that is too much)', collected)
    .option('--set <name=value...>', 'values of scalar parameters (default: 0.125, whole numbers 0)', collected)
    .option('--seconds <s>', 'how long each is timed', fraction, 1)
    .option('--schedules <file>', 'measured schedules as `warpfold tune` writes them (default: warpfold.schedules.json beside the file)')
    .option('--json <file>', 'write all that was measured')
    .option('--baseline <file>', 'an earlier --json: what is slower or faster beyond the noise is marked')
    .addHelpText('after', examples('bench examples/matmul.ts', 'bench my.ts --kernel grouped --size q=8192 k=8192 --device cuda --json before.json', 'bench my.ts --baseline before.json'))
    .action(async (file: string, options: BenchOptions) => (await import('./commands/bench.js')).bench(file, options));

  warpfold.command('ask')
    .description('answer a question about a document of any length with a model directory as Hugging Face writes it')
    .requiredOption('--model <dir>', 'config.json, tokenizer.json and *.safetensors')
    .requiredOption('--document <file>', 'the text to read; given several times, no chunk crosses from one file into the next', collected)
    .requiredOption('--question <text>', 'what to answer; appended to the document as it stands; given several times, each is asked of the document, which is read once', collected)
    .addOption(new Option('--method <name>', 'auto: plain where the prompt fits the window, else parallelcomp; full: plain however long; truncated: without the middle; streaming: the first four tokens and the last').choices(['auto', 'parallelcomp', 'full', 'truncated', 'streaming']).default('auto'))
    .option('--chunk-tokens <n>', 'context tokens per chunk (default: what the window leaves)', whole)
    .option('--keep-chunks <k>', 'chunks kept (default: 3)', whole)
    .option('--capacity <c>', 'context tokens kept per chunk, layer and KV head (default: all)', whole)
    .addOption(new Option('--calibration <name>', 'exclude over-attended keys per head, or not').choices(['none', 'paper']).default('none'))
    .addOption(new Option('--chunk-cut <name>', 'even: pieces of near-equal length; fixed: full pieces and a remainder').choices(['even', 'fixed']).default('even'))
    .option('--observation-rows <n>', 'last rows that judge the tokens of a chunk (default: 8)', whole)
    .option('--pool <n>', 'width of the max pool over token scores (default: 7)', whole)
    .option('--threshold <p>', 'probability above which calibration excludes a key (default: 0.1)', fraction)
    .option('--edge <n>', 'width of the sink and recent zones (default: 100)', whole)
    .option('--max-tokens <m>', 'longest answer', whole, 64)
    .option('--stop <text>', 'end the answer in front of this text; may be given several times', collected)
    .option('--temperature <t>', 'draw tokens by their probabilities, flattened as t grows (default: 0, the likeliest each time)', fraction)
    .option('--top-k <k>', 'draw among the k likeliest', whole)
    .option('--top-p <p>', 'draw among the fewest that together reach this probability', fraction)
    .option('--min-p <p>', 'draw among those at least this share as likely as the likeliest', fraction)
    .option('--seed <n>', 'what is drawn follows from it; the same seed gives the same answer (default: drawn, and told by --json)', whole)
    .addOption(deviceOption())
    .addOption(new Option('--dtype <name>', 'what kernels compute in (default: f32, but bf16 on a GPU where the weights are stored in it)').choices(['f32', 'bf16']))
    .addOption(kvDtypeOption())
    .option('--memory-budget <bytes>', 'device memory that tensors may take, as in 8GiB; chunks are read together as far as it allows (default: what suits the device)', bytes)
    .option('--json', 'print one line of JSON per question with answer, usage, chunks and timings when done', false)
    .option('--report <file>', 'also write a page that stands alone: the document with what was kept of it, token by token, and how the time was spent')
    .option('--trace <file>', 'also write when host and device did what, as ui.perfetto.dev and chrome://tracing show it; stderr says how long the device did nothing')
    .addHelpText('after', examples(
      'ask --model examples/bookworm --document notes.txt --question $\'\\nQuestion: What is the pass key?\\nAnswer: The pass key is\'',
      'ask --model examples/bookworm --document notes.txt --question … --chunk-tokens 900 --keep-chunks 4 --capacity 450 --json',
      'ask --model examples/bookworm --document notes.txt --question … --report answer.html',
      'ask --model models/Llama-3-8B --document a.txt --document b.txt --question … --question … --temperature 0.7 --top-p 0.9 --seed 7 --json'))
    .action(async (options: AskOptions) => (await import('./commands/ask.js')).ask(options));

  warpfold.command('serve')
    .description('serve a model directory over HTTP as OpenAI does, for prompts and documents of any length')
    .requiredOption('--model <dir>', 'config.json, tokenizer.json and *.safetensors')
    .option('--name <id>', 'the name clients ask for (default: the directory\'s)')
    .option('--host <address>', 'where to listen; 0.0.0.0 for every network', '127.0.0.1')
    .option('--port <n>', '0 takes a free one', port, 8080)
    .addOption(new Option('--api-key <key>', 'clients must send it as Authorization: Bearer KEY').env('WARPFOLD_API_KEY').argParser(notEmpty))
    .option('--cors-origin <origin>', 'pages of this origin may ask from a browser (*: of all)')
    .option('--device <name>', 'auto: a GPU where one can be used, else the processor; cpu; cuda; or the number of a GPU', deviceName, 'auto')
    .addOption(new Option('--dtype <name>', 'what kernels compute in (default: f32, but bf16 on a GPU where the weights are stored in it)').choices(['f32', 'bf16']))
    .addOption(kvDtypeOption())
    .option('--memory-budget <bytes>', 'device memory that the tensors of a request may take, weights included, as in 8GiB (default: what suits the device)', bytes)
    .option('--queue <n>', 'requests that may wait; the next one gets 429 (default: 64)', atLeast(0))
    .option('--max-body <bytes>', 'largest request, as in 64MiB (default: 16MiB)', bytes)
    .option('--max-tokens <n>', 'longest answer a request may ask for (default: half the window)', atLeast(1))
    .option('--documents <n>', 'documents kept for further questions (default: 4)', atLeast(0))
    .option('--document-memory <bytes>', 'device memory they may hold together; longer ones are read for each question (default: half of what a GPU has beside the weights, a quarter of the processor\'s memory)', bytes)
    .option('--grace <seconds>', 'how long running requests may go on when the server is stopped', within(0, 86400), 30)
    .optionsGroup('Where a request does not say:')
    .option('--temperature <t>', '0: the most likely token (default: as generation_config.json samples, else 0)', within(0, 2))
    .option('--top-p <p>', 'fewest tokens whose probability reaches p', share)
    .option('--top-k <n>', 'only so many of the most likely tokens', atLeast(1))
    .option('--min-p <p>', 'only tokens at least this share as likely as the first', share)
    .option('--chunk-tokens <n>', 'document tokens per chunk (default: what the window leaves)', atLeast(1))
    .option('--keep-chunks <k>', 'chunks kept (default: 3)', atLeast(1))
    .option('--capacity <c>', 'document tokens kept per chunk, layer and KV head (default: all)', atLeast(1))
    .addOption(new Option('--calibration <name>', 'exclude over-attended keys per head, or not').choices(['none', 'paper']).default('none'))
    .addOption(new Option('--chunk-cut <name>', 'even: pieces of near-equal length; fixed: full pieces and a remainder').choices(['even', 'fixed']).default('even'))
    .option('--observation-rows <n>', 'last rows that judge the tokens of a chunk (default: 8)', atLeast(1))
    .option('--pool <n>', 'width of the max pool over token scores (default: 7)', atLeast(1))
    .option('--threshold <p>', 'probability above which calibration excludes a key (default: 0.1)', share)
    .option('--edge <n>', 'width of the sink and recent zones (default: 100)', atLeast(0))
    .addHelpText('after', serveHelp)
    .action(async (options: ServeOptions) => (await import('./commands/serve.js')).serve(options));

  warpfold.command('eval')
    .description('judge a model by length: pass keys, numbers, key-value pairs, perplexity, and files of LongBench or InfiniteBench, methods side by side')
    .option('--model <dir>', 'config.json, tokenizer.json and *.safetensors; wordings and options of ParallelComp come from its eval.json, where it has one')
    .option('--from <file...>', 'read results that were written before instead of running anything; several are shown as one where they differ in their tasks alone')
    .option('--task <names>', 'comma-separated: passkey, number, kv, ppl, niah_single, niah_multikey, niah_multivalue, niah_multiquery (default: the first four, with --data none)', names)
    .addOption(new Option('--lengths <list>', 'tokens in all, from BOS to the room for the answer; k is 1,024').argParser(lengths).default(lengths('1k,2k,4k,8k'), '1k,2k,4k,8k'))
    .option('--cases <n>', 'cases of each task and length, and at most of each file', whole, 50)
    .option('--methods <list>', 'comma-separated, with options behind a colon, as in parallelcomp:keepChunks=2,capacity=450', 'full,truncated,streaming,parallelcomp,parallelcomp+evict,parallelcomp+evict+calibrate')
    .addOption(new Option('--data <file...>', 'JSONL of LongBench v1, or of InfiniteBench, where the file is named after the task or written as kv_retrieval=FILE').default([], 'none'))
    .option('--haystack <text>', 'what facts are hidden in: novel, noise, or a text file', 'novel')
    .option('--template <file>', 'JSON with wordings of tasks (default: eval.json of the model, else the usual ones)')
    .option('--predict <n>', 'tokens that a case of ppl foresees (default: an eighth of the window, at most 128)', whole)
    .option('--chat', 'word questions by the model\'s chat template, as instruction-tuned models expect them', false)
    .option('--seed <n>', 'what cases are drawn from', whole, 1)
    .option('--out <file>', 'results; the same command goes on where an earlier one stopped', 'eval-results.json')
    .option('--replace', 'take the place of results of another run in --out', false)
    .option('--report <file>', 'write an HTML page with pictures and all figures')
    .option('--svg <dir>', 'write each picture as an SVG file')
    .addOption(new Option('--device <name>', 'auto: a GPU where one can be used, else the processor').choices(['auto', 'cpu', 'cuda']).default('auto'))
    .addOption(new Option('--dtype <name>', 'what kernels compute in (default: f32, but bf16 on a GPU where the weights are stored in it)').choices(['f32', 'bf16']))
    .addOption(kvDtypeOption())
    .option('--memory-budget <bytes>', 'device memory that tensors may take, as in 8GiB (default: what suits the device)', bytes)
    .option('--dry-run', 'only say how much there is to read', false)
    .addHelpText('after', `
Methods:
  full          the plain model over everything, however long
  truncated     the first and the last half of what fits the window, as LongBench does
  streaming     the first four tokens and the most recent ones that fit the window, as StreamingLLM does
  parallelcomp  chunks that fit the window, the best of them kept; +evict keeps the best tokens of each (half a window's
                worth unless capacity says otherwise), +calibrate leaves out keys that drown the rest

A JSON results file holds every case and all that it takes to repeat the run.`)
    .addHelpText('after', examples(
      'eval --model examples/bookworm --task passkey,ppl --lengths 1k,4k --cases 20 --report report.html',
      'eval --model models/Llama-3-8B-Instruct --data hotpotqa.jsonl passkey.jsonl --methods truncated,parallelcomp',
      'eval --from eval-results.json --svg pictures'))
    .action(async (options: EvalOptions) => (await import('./commands/eval.js')).evalModel(options));

  for (const command of [warpfold, ...warpfold.commands]) command.exitOverride();
  return warpfold;
}

/** Runs the command line and gives its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await program().parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    // commander has printed its own sentence; asking for help is no misuse.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { failureOf } = await import('./commands/failure.js');
    const { text, exitCode } = failureOf(error);
    process.stderr.write(`${text}\n`);
    const [code] = /(?<=\berror )[FTSLR]\d{3}(?=:)/.exec(text) ?? [];
    if (code !== undefined && process.stderr.isTTY) process.stderr.write(`\n\`warpfold explain ${code}\` shows what it means, with an example.\n`);
    return exitCode;
  }
}

const isMain = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isMain) process.exitCode = await main(process.argv.slice(2));
