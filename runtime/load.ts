import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifest } from '../kernels-generated/manifest.js';
import { openCpu } from './cpu.js';
import { type CudaOptions, openCuda } from './cuda.js';
import type { Device } from './device.js';
import type { Model } from './model.js';
import type { Tokenizer } from './model/tokenizer.js';
import type { Stored } from './model/weights.js';
import { type DeviceName, openDevice } from './openDevice.js';
import { outOfRange } from './parallelComp/options.js';
import { scope } from './scope.js';
import { spannedAsync } from './spans.js';

/** How a model is loaded. */
export interface LoadOptions {
  /**
   * Where to run; unless said a GPU where one can be used, else the processor. A number is a GPU's index. A device given
   * here stays the caller's to close; where several models share it, an aborted request drops the work of all.
   */
  readonly device?: DeviceName | number | Device | undefined;
  /**
   * What kernels compute in. Unless said f32, to which stored bf16 and f16 weights are widened; but bf16 on a GPU where
   * the weights are stored in it.
   */
  readonly dtype?: 'f32' | 'bf16' | undefined;
  /**
   * What K and V are stored in: `auto`, unless said, is what kernels compute in; `f8e4m3` takes a byte a number, with a scale for
   * each layer and KV head that is measured when the model is loaded.
   */
  readonly kvDtype?: 'auto' | 'f8e4m3' | undefined;
  /** Whether sequences begin with a BOS, over what the tokenizer's files say. */
  readonly addBos?: boolean | undefined;
  /** Threads that cut long texts into tokens, each with the tokenizer in memory once more. Unless said none on a processor, on a GPU up to 8, half of the cores. */
  readonly encoderThreads?: number | undefined;
  /** Texts that are read first: where there are such threads, they cut them while weights are loaded. */
  readonly soon?: readonly string[] | undefined;
  /** In place of the directory's own; its texts are cut where they are. */
  readonly tokenizer?: Tokenizer | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the device before anything is put on it. */
  readonly onDevice?: ((device: Device) => void) | undefined;
  /** Called as tensors are read. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Loads a model directory as Hugging Face writes it. Throws R2xx for its tensor files, R301…R306 for configuration and
 * weights, R310 and R311 for the tokenizer, R312 for the chat template, R403 for a kvDtype that is none; the signal's reason when it fires.
 */
export async function loadModel(dir: string, options: LoadOptions = {}): Promise<Model> {
  const { signal } = options;
  signal?.throwIfAborted();
  if (!['auto', 'f8e4m3', undefined].includes(options.kvDtype)) throw outOfRange('kvDtype', options.kvDtype, 'auto or f8e4m3', 'leave it out to store K and V in what kernels compute in');
  // Loaded here: models, validation and tokenizers take longer than all the rest, and kernels alone do not need them.
  const [{ readConfig }, { readTokenizer }, { openCheckpoint }, { readChatTemplate }, { loadWeights, specsOf, weightElements }, { loadedModel }, { encoders }, { encodeSoon }, { measureScales, scaleIds }] = await Promise.all([
    import('./model/config.js'), import('./model/tokenizer.js'), import('./model/safetensors.js'), import('./model/chatTemplate.js'), import('./model/weights.js'), import('./loadedModel.js'), import('./model/encoders.js'), import('./model/encodeLong.js'), import('./model/kvScales.js'),
  ]);
  const config = await readConfig(dir);
  signal?.throwIfAborted();
  const { device, choice } = deviceOf(options.device);
  const owned = scope();
  const threads = options.tokenizer === undefined ? options.encoderThreads ?? usualEncoders(device) : 0;
  const apart = threads > 0 ? encoders(dir, threads) : undefined;
  const close = async (): Promise<void> => {
    owned[Symbol.dispose]();
    await apart?.[Symbol.asyncDispose]();
    if (choice !== undefined) await device[Symbol.asyncDispose]();
  };
  try {
    // A large model has a large vocabulary, and time to read it while its weights are loaded; others start with the first long text.
    if (weightElements(config) > manyWeights) apart?.start();
    options.onDevice?.(device);
    const tokenizer = options.tokenizer ?? await spannedAsync('load', 'tokenizer', () => readTokenizer(dir, { bosId: config.bosId, ...(options.addBos === undefined ? {} : { addBos: options.addBos }) }));
    // Where a text may not be cut, there is nothing for them to do.
    const beside = tokenizer.border === undefined ? undefined : apart;
    const encodeApart = beside && encodeSoon(tokenizer, beside.encode, options.soon ?? []);
    const chatTemplate = await readChatTemplate(dir);
    signal?.throwIfAborted();
    const checkpoint = openCheckpoint(dir);
    const dtype = options.dtype ?? usualDtype(device, checkpoint.get(specsOf[config.family](config).embed.name));
    const weights = owned.own(await spannedAsync('load', 'weights', () => loadWeights(device, config, (name) => checkpoint.get(name), dtype, (done, total) => {
      signal?.throwIfAborted();
      options.onProgress?.(done, total);
    })));
    const decoder = { config, device, weights, dtype };
    const kvScales = options.kvDtype === 'f8e4m3' ? await spannedAsync('load', 'scales of K and V', () => measureScales(decoder, scaleIds(decoder, tokenizer), owned.own, signal)) : undefined;
    return loadedModel({ ...decoder, kvScales, tokenizer: beside === undefined ? tokenizer : { ...tokenizer, encodeApart, encodeWaiting: () => beside.help(tokenizer.encode) }, chatTemplate }, { id: basename(resolve(dir)), deviceChoice: choice }, close);
  } catch (e) {
    await close();
    throw e;
  }
}

const manyWeights = 1e9;

/** A GPU waits while a long text is cut into tokens, which takes one core longer than it may; the cores of a processor have the kernels to run. */
function usualEncoders({ kind }: Pick<Device, 'kind'>): number {
  const cores = availableParallelism();
  return kind === 'cuda' && cores >= 4 ? Math.min(8, Math.floor(cores / 2)) : 0;
}

/** A device the caller gave has no choice to tell of, and is not ours to close. */
function deviceOf(asked: DeviceName | number | Device = 'auto'): { readonly device: Device; readonly choice: string | undefined } {
  if (typeof asked === 'object') return { device: asked, choice: undefined };
  const kernels = { manifest, kernelsDir: kernelsDir() };
  return typeof asked === 'number' ? openDevice('cuda', { ...kernels, index: asked }) : openDevice(asked, kernels);
}

/** On a GPU bf16 is twice as fast to read and runs on tensor cores; a CPU has to widen it. */
const usualDtype = (device: Device, stored: Stored): 'f32' | 'bf16' => (device.kind === 'cuda' && stored.dtype.toLowerCase() === 'bf16' ? 'bf16' : 'f32');

/** The processor with this package's kernels. `threads`: how many a kernel may use; all unless said. */
export function openCpuDevice(options: { readonly threads?: number } = {}): Device {
  return openCpu({ manifest, kernelsDir: kernelsDir(), ...options });
}

/** A GPU with this package's kernels; the first one unless said. */
export function openCudaDevice(options: Omit<CudaOptions, 'manifest' | 'kernelsDir'> = {}): Device {
  return openCuda({ manifest, kernelsDir: kernelsDir(), ...options });
}

/** build/kernels of the package, seen from runtime/ as TypeScript and from build/ts/runtime/ as JavaScript. */
function kernelsDir(): string {
  const [source, compiled] = ['../build/kernels', '../../kernels'].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return [source, compiled].find((dir) => dir !== undefined && existsSync(dir)) ?? source ?? '';
}
