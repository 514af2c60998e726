import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { manifest } from '../kernels-generated/manifest.js';
import { openCpu } from './cpu.js';
import { type CudaOptions, openCuda } from './cuda.js';
import type { Device } from './device.js';
import type { GenerateEvent, GenerateRequest } from './generate.js';
import type { ModelConfig } from './model/config.js';
import type { Tokenizer } from './model/tokenizer.js';
import type { Stored } from './model/weights.js';
import { type DeviceName, openDevice } from './openDevice.js';

export interface LoadOptions {
  /** Where to run; unless said a GPU where one can be used, else the processor. A device given here stays the caller's to close. */
  readonly device?: DeviceName | Device | undefined;
  /**
   * What kernels compute in. Unless said f32, to which stored bf16 and f16 weights are widened; but bf16 on a GPU where
   * the weights are stored in it.
   */
  readonly dtype?: 'f32' | 'bf16' | undefined;
  /** Whether sequences begin with a BOS, over what the tokenizer's files say. */
  readonly addBos?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called as tensors are read. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A model in memory. One request runs at a time. */
export interface Model extends AsyncDisposable {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly device: Device;
  /** One sentence: which device it is and why; undefined where the caller gave it. */
  readonly deviceChoice: string | undefined;
  readonly dtype: 'f32' | 'bf16';
  /** Answers a question about a document of any length; see {@link generate}. */
  generate(request: GenerateRequest): AsyncGenerator<GenerateEvent>;
}

/**
 * Loads a model directory as Hugging Face writes it. Throws R2xx for its tensor files, R301…R306 for configuration and
 * weights, R310 and R311 for the tokenizer; the signal's reason when it fires.
 */
export async function loadModel(dir: string, options: LoadOptions = {}): Promise<Model> {
  const { signal } = options;
  signal?.throwIfAborted();
  // Loaded here: models, validation and tokenizers take longer than all the rest, and kernels alone do not need them.
  const [{ readConfig }, { readTokenizer }, { openCheckpoint }, { loadWeights, specsOf }, { generate }] = await Promise.all([
    import('./model/config.js'), import('./model/tokenizer.js'), import('./model/safetensors.js'), import('./model/weights.js'), import('./generate.js'),
  ]);
  const config = await readConfig(dir);
  const tokenizer = await readTokenizer(dir, { bosId: config.bosId, ...(options.addBos === undefined ? {} : { addBos: options.addBos }) });
  const checkpoint = openCheckpoint(dir);
  const { device, choice } = deviceOf(options.device);
  const dtype = options.dtype ?? usualDtype(device, checkpoint.get(specsOf[config.family](config).embed.name));
  try {
    const weights = await loadWeights(device, config, (name) => checkpoint.get(name), dtype, (done, total) => {
      signal?.throwIfAborted();
      options.onProgress?.(done, total);
    });
    const decoder = { config, tokenizer, device, weights, dtype };
    return {
      config, tokenizer, device, dtype, deviceChoice: choice,
      generate: (request) => generate(decoder, request),
      [Symbol.asyncDispose]: async () => {
        weights[Symbol.dispose]();
        if (choice !== undefined) await device[Symbol.asyncDispose]();
      },
    };
  } catch (e) {
    if (choice !== undefined) await device[Symbol.asyncDispose]();
    throw e;
  }
}

/** A device the caller gave has no choice to tell of, and is not ours to close. */
function deviceOf(asked: DeviceName | Device = 'auto'): { readonly device: Device; readonly choice: string | undefined } {
  return typeof asked === 'string' ? openDevice(asked, { manifest, kernelsDir: kernelsDir() }) : { device: asked, choice: undefined };
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
