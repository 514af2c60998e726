import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as prop } from '@fast-check/vitest';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { mostArgs } from '../../dsl/manifest.js';
import { addon, loadAddon } from '../../runtime/addon.js';
import { RuntimeError } from '../../runtime/error.js';
import { probe } from '../../runtime/gpu.js';
import { wordsPerArg } from '../../runtime/launchWords.js';
import { buildTestKernels } from './testKernels.js';

const kernels = buildTestKernels();
afterAll(() => kernels.remove());
const native = addon();
const binary = fileURLToPath(new URL('../../build/native/Release/warpfold.node', import.meta.url));

test('the addon loads without a GPU driver, and probe says what there is and why not', () => {
  const { cpu, cuda } = probe({ library: 'libnowhere.so.1' });
  expect(cpu).toMatchObject({ name: expect.stringMatching(/./), instructionSet: expect.stringMatching(/^x86-64-v[234]$/) });
  expect(cuda).toEqual({ why: expect.stringMatching(/^there is no GPU driver: libnowhere\.so\.1: cannot open shared object file/) });
});

test('a missing or broken addon is one sentence with the command to run', () => {
  const broken = join(kernels.kernelsDir, 'broken.node');
  writeFileSync(broken, 'not a library');
  expect(() => loadAddon(broken)).toThrow(expect.objectContaining({ code: 'R001', message: expect.stringMatching(/broken\.node: the native addon does not load: .*; run `npx warpfold build`, which needs g\+\+, cmake and make$/) }));
});

describe('bad arguments throw, whatever they are', () => {
  const thread = new native.DeviceThread(1);
  const module = new native.CpuModule(join(kernels.kernelsDir, 'cpu/x86-64-v2/kernels.so'));
  const block = thread.allocate(64);
  const strange = fc.oneof(
    fc.anything({ withBigInt: true, withTypedArray: true }), fc.double(), fc.integer(), fc.nat(200), fc.constantFrom<unknown>(block, 2 ** 53, -1, Number.NaN, thread, module, native.DeviceThread, new Uint8Array(8), 'kernels.so', '/x.so'),
  );
  const methods = ['resolve', 'allocate', 'adopt', 'free', 'launch', 'write', 'copy', 'read', 'replay', 'dropRecording'] as const;
  const harmless = (f: () => unknown): void => {
    let result: unknown;
    try {
      result = f();
    } catch (e) {
      expect(e).toBeInstanceOf(Error);
    }
    // Some argument lists are right by chance: give back what they took.
    if (typeof result === 'number') thread.free(result);
  };

  prop.prop([fc.constantFrom(...methods), fc.array(strange, { maxLength: 6 })], { numRuns: 3000 })('to a device', (name, args) => {
    // A block freed by chance is allocated anew by nobody: the id stays dead.
    if (name === 'free' && args[0] === block) return;
    const method: unknown = thread[name];
    if (typeof method === 'function' && !(name === 'allocate' && typeof args[0] === 'number' && args[0] > 1e6)) harmless(() => method.apply(thread, args));
  });

  prop.prop([fc.constantFrom('words', 'sync', 'cancel', 'stats', 'trim', 'close', 'startTimer', 'stopTimer', 'beginRecording', 'endRecording', ...methods), strange])('as `this`', (name, self) => {
    if (self === thread) return;
    const method: unknown = thread[name];
    if (typeof method === 'function') expect(() => method.call(self)).toThrow('expected a DeviceThread');
  });

  prop.prop([fc.constantFrom(native.DeviceThread, native.CpuModule, native.CudaDriver, native.CudaModule, native.MappedFile), strange], { numRuns: 500 })('to a constructor', (type, arg) => {
    harmless(() => { Reflect.construct(type, [arg]); });
  });

  prop.prop([fc.nat(70), fc.array(fc.oneof(fc.nat(9), fc.double(), fc.constant(block), fc.constant(64)), { maxLength: 400 })], { numRuns: 3000 })('as launch words: only what fits the blocks would run', (count, words) => {
    // The function takes no arguments, so whatever passes the checks is harmless to run.
    const fn = thread.resolve(module, 'fails', 'fails');
    new Float64Array(thread.words()).set(words);
    harmless(() => thread.launch(fn, count));
  });

  test('a launch has words for as many arguments as the manifest may ask for', () => {
    expect(thread.words().byteLength).toBe(mostArgs * wordsPerArg * Float64Array.BYTES_PER_ELEMENT);
  });

  test('errors carry code, what, where and remedy', () => {
    try {
      new native.CpuModule('/nowhere/x.so');
      expect.unreachable();
    } catch (e) {
      expect(e).toBeInstanceOf(RuntimeError);
      expect(e).toMatchObject({ code: 'R113', where: '/nowhere/x.so', what: expect.stringContaining('does not load') });
    }
  });
});

/** The words of an argument behind its kind and one more, which no one reads of a number. */
const unread = new Array<number>(wordsPerArg - 2).fill(0).join(', ');

/** Runs JavaScript in a fresh process with the addon as `native`, a thread, and the nap kernel as `nap(milliseconds)`. */
const inProcess = (body: string) => {
  const source = `
    const native = require(${JSON.stringify(binary)});
    const thread = new native.DeviceThread(1);
    const library = new native.CpuModule(${JSON.stringify(join(kernels.kernelsDir, 'cpu/x86-64-v2/kernels.so'))});
    const count = thread.allocate(4);
    const fn = thread.resolve(library, 'nap', 'nap');
    const nap = (ms) => { new Float64Array(thread.words()).set([0, ms, ${unread}, 3, count, 0, 4]); thread.launch(fn, 2); };
    ${body}`;
  const start = performance.now();
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['-e', source], { encoding: 'utf8', timeout: 20_000 });
  return { status, signal, stdout, stderr, seconds: (performance.now() - start) / 1000 };
};
const clean = { status: 0, signal: null, stderr: '' };

describe('a process ends cleanly', () => {
  test('with an idle device', () => expect(inProcess('')).toMatchObject(clean));
  test('with work pending that nobody waits for: the rest of the queue is dropped', () => {
    const ended = inProcess('for (let i = 0; i < 1000; i++) nap(100);');
    expect(ended).toMatchObject(clean);
    // A thousand naps would take 100 s and meet the time limit instead.
    expect(ended.seconds).toBeLessThan(20);
  });
  test('after a promise that alone refers to its device', () =>
    expect(inProcess(`
      const wait = () => {
        const other = new native.DeviceThread(1);
        const block = other.allocate(4);
        new Float64Array(other.words()).set([0, 100, ${unread}, 3, block, 0, 4]);
        other.launch(other.resolve(library, 'nap', 'nap'), 2);
        return other.read(block, 0, 4).then(() => console.log('read'));
      };
      require('node:v8').setFlagsFromString('--expose-gc');
      const done = wait();
      setTimeout(require('node:vm').runInNewContext('gc'), 20);`)).toMatchObject({ ...clean, stdout: 'read\n' }));
  test('by process.exit() while a kernel runs', () => expect(inProcess('nap(200); nap(200); setTimeout(() => process.exit(0), 50);')).toMatchObject(clean));
  test('after the promise that keeps it alive', () => expect(inProcess("nap(50); thread.sync().then(() => console.log('done'));")).toMatchObject({ ...clean, stdout: 'done\n' }));
  test('by an uncaught error while a kernel runs', () => expect(inProcess("nap(100); throw new Error('mine');")).toMatchObject({ status: 1, signal: null, stderr: expect.stringContaining('mine') }));
  test('when tensors, devices and mappings are left to the garbage collector', () =>
    expect(inProcess(`for (let i = 0; i < 200; i++) { new native.DeviceThread(1).allocate(1e5); new native.MappedFile(${JSON.stringify(binary)}).bytes(0, 100); }`)).toMatchObject(clean));
});

describe('a Worker', () => {
  const worker = (body: string, after: string) => inProcess(`
    const { Worker } = require('node:worker_threads');
    const source = ${JSON.stringify(`
      const native = require(${JSON.stringify(binary)});
      const { parentPort } = require('node:worker_threads');
      const thread = new native.DeviceThread(1);
      const library = new native.CpuModule(${JSON.stringify(join(kernels.kernelsDir, 'cpu/x86-64-v2/kernels.so'))});
      const count = thread.allocate(4);
      const fn = thread.resolve(library, 'nap', 'nap');
      const nap = (ms) => { new Float64Array(thread.words()).set([0, ms, ${unread}, 3, count, 0, 4]); thread.launch(fn, 2); };
      ${body}`)};
    const worker = new Worker(source, { eval: true });
    ${after}`);
  test('has its own device beside the main thread', () =>
    expect(worker("nap(30); thread.sync().then(() => parentPort.postMessage('worker'));", "nap(30); worker.on('message', (m) => thread.sync() ?? console.log(m)); worker.on('exit', () => console.log('exit'));")).toMatchObject({ ...clean, stdout: expect.stringContaining('exit') }));
  test('may be terminated while its kernel runs', () =>
    expect(worker("nap(200); nap(200); thread.sync(); parentPort.postMessage('busy');", "worker.on('message', () => worker.terminate().then(() => console.log('ended')));")).toMatchObject({ ...clean, stdout: 'ended\n' }));
});

test('an idle device uses no core, OpenMP threads included', () => {
  const { stdout } = inProcess(`
    const wide = new native.DeviceThread(2);
    const out = wide.allocate(4);
    new Float64Array(wide.words()).set([3, out, 0, 4]);
    wide.launch(wide.resolve(library, 'threads', 'threads'), 1);
    wide.sync().then(() => {
      const start = process.cpuUsage();
      setTimeout(() => { const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000); }, 500);
    });`);
  // A spinning thread would use all 500 ms of processor time.
  expect(Number(stdout)).toBeLessThan(250);
});

test('the addon exports nothing but its registration', () => {
  const symbols = execFileSync('nm', ['-D', '--defined-only', binary], { encoding: 'utf8' }).split('\n').filter((line) => / [TDBR] /.test(line)).map((line) => line.split(' ').at(-1));
  expect(symbols.filter((s) => s !== '_init' && s !== '_fini')).toEqual(['napi_register_module_v1', 'node_api_module_get_api_version_v1']);
});
