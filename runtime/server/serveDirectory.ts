import { loadModel, type LoadOptions } from '../load.js';
import type { Model } from '../model.js';
import { paperMix } from '../parallelComp/calibration.js';
import type { GivenOptions } from '../parallelComp/options.js';
import type { SamplingDefaults } from './asked.js';
import { type ServerOptions, serverDefaults } from './options.js';
import { readSamplingDefaults } from './samplingDefaults.js';
import { type Server, type ServeHooks, serveModel } from './serve.js';

/** What `warpfold serve` takes beside the server's own options; left-out fields of sampling follow generation_config.json. */
export interface ServeDirectoryOptions extends Partial<Omit<ServerOptions, 'defaults'>>, SamplingDefaults, Omit<GivenOptions, 'calibration' | 'group' | 'queryBos'>, ServeHooks {
  /** A model directory as Hugging Face writes it. */
  readonly model: string;
  readonly calibration?: 'none' | 'paper' | undefined;
  readonly device?: LoadOptions['device'];
  readonly dtype?: LoadOptions['dtype'];
  readonly kvDtype?: LoadOptions['kvDtype'];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: LoadOptions['onProgress'];
}

/** A model that is served, both its own to close. */
export interface ServedDirectory extends AsyncDisposable { readonly server: Server; readonly model: Model }

/** Loads a model and serves it. Throws what {@link loadModel} and {@link serveModel} throw. */
export async function serveDirectory(options: ServeDirectoryOptions): Promise<ServedDirectory> {
  const { model: dir, device, dtype, kvDtype, signal, onProgress, log } = options;
  const recommended = await readSamplingDefaults(dir);
  const model = await loadModel(dir, { device, dtype, kvDtype, signal, onProgress });
  try {
    const server = await serveModel(model, { ...serverOptionsOf(options), defaults: defaultsOf(options, recommended, model.config.numLayers) }, { log });
    return {
      server, model,
      [Symbol.asyncDispose]: async () => {
        await server.close();
        await model[Symbol.asyncDispose]();
      },
    };
  } catch (e) {
    await model[Symbol.asyncDispose]();
    throw e;
  }
}

/** The server's own options; those left out keep their defaults. */
function serverOptionsOf(options: ServeDirectoryOptions): Omit<ServerOptions, 'defaults'> {
  const { host, port, name, apiKey, corsOrigin, queue, maxBody, maxTokens, documents, documentMemory, memoryBudget, keepAlive } = options;
  const d = serverDefaults;
  return {
    host: host ?? d.host, port: port ?? d.port, name: name ?? d.name, apiKey: apiKey ?? d.apiKey, corsOrigin: corsOrigin ?? d.corsOrigin, queue: queue ?? d.queue,
    maxBody: maxBody ?? d.maxBody, maxTokens: maxTokens ?? d.maxTokens, documents: documents ?? d.documents, documentMemory: documentMemory ?? d.documentMemory,
    memoryBudget: memoryBudget ?? d.memoryBudget, keepAlive: keepAlive ?? d.keepAlive,
  };
}

function defaultsOf(options: ServeDirectoryOptions, recommended: SamplingDefaults, numLayers: number): ServerOptions['defaults'] {
  const { keepChunks, capacity, chunkTokens, chunkCut, observationRows, pool, threshold, edge } = options;
  return {
    temperature: options.temperature ?? recommended.temperature, topP: options.topP ?? recommended.topP, topK: options.topK ?? recommended.topK, minP: options.minP ?? recommended.minP,
    parallelComp: { keepChunks, capacity, chunkTokens, chunkCut, observationRows, pool, threshold, edge, calibration: options.calibration === 'paper' ? paperMix(numLayers) : undefined },
  };
}
