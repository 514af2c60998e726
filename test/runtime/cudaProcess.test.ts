import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { wordsPerArg } from '../../runtime/launchWords.js';
import { testGpu } from './testDevices.js';

const fake = testGpu();
afterAll(() => fake.remove());
const binary = fileURLToPath(new URL('../../build/native/Release/warpfold.node', import.meta.url));

/** JavaScript that has a GPU's device as `thread`, the nap kernel as `nap(milliseconds)`, and `read()` of what it counts. */
const prelude = `
  const native = require(${JSON.stringify(binary)});
  const thread = new native.DeviceThread(new native.CudaDriver(${JSON.stringify(fake.library)}), 0, false);
  const count = thread.allocate(4);
  thread.write(count, 0, new Uint8Array(4));
  const fn = thread.resolve(new native.CudaModule(thread, ${JSON.stringify(`${fake.kernelsDir}/cuda/kernels.fatbin`)}), 'nap', 'nap', 'nap.ts', 1, 0, '');
  const nap = (ms) => { new Float64Array(thread.words()).set([0, ms, ${new Array(wordsPerArg - 2).fill(0).join(', ')}, 3, count, 0, 4]); thread.launch(fn, 2, 1); };
  const read = () => thread.read(count, 0, 4).then((bytes) => new Int32Array(bytes)[0]);`;
const inProcess = (body: string) => {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '-e', `${prelude}\n${body}`], { encoding: 'utf8', timeout: 20_000 });
  return { status, signal, stdout, stderr };
};
const clean = { status: 0, signal: null, stderr: '' };

describe('a process with a GPU ends cleanly', () => {
  test('with an idle device', () => expect(inProcess('')).toMatchObject(clean));
  test('with work pending that nobody waits for', () => expect(inProcess('for (let i = 0; i < 1000; i++) nap(1);')).toMatchObject(clean));
  test('after the promise that keeps it alive', () => expect(inProcess('for (let i = 0; i < 30; i++) nap(1); read().then((n) => console.log(n));')).toMatchObject({ ...clean, stdout: '30\n' }));
  test('by process.exit() while work is under way', () => expect(inProcess('for (let i = 0; i < 100; i++) nap(5); read(); setTimeout(() => process.exit(0), 20);')).toMatchObject(clean));
  test('with recordings and timers left to the garbage collector', () =>
    expect(inProcess(`
      for (let i = 0; i < 20; i++) {
        const other = new native.DeviceThread(new native.CudaDriver(${JSON.stringify(fake.library)}), 0, false);
        const block = other.allocate(1 << 16);
        other.beginRecording();
        other.copy(block, 0, block, 64, 64);
        other.replay(other.endRecording());
        other.startTimer();
      }
      gc();`)).toMatchObject(clean));
  test('in a Worker that is terminated while work is under way', () =>
    expect(inProcess(`
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(${JSON.stringify(`${prelude}\nfor (let i = 0; i < 100; i++) nap(5); read(); require('node:worker_threads').parentPort.postMessage('busy');`)}, { eval: true });
      worker.on('message', () => worker.terminate().then(() => console.log('ended')));`)).toMatchObject({ ...clean, stdout: 'ended\n' }));
});
