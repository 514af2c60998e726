import type { DeviceTensor } from '../device.js';
import { type KvCache, type KvLayer, layerOf, scaled, scalesOf } from '../kvCache.js';
import { type Choice, queueChoice } from './choice.js';
import type { RopeRows } from './rope.js';
import { type Entering, project, projectHeads, projectSomeTurned } from './projections.js';
import { type Decoder, feedForward, headsOf, queries, queueLogits, type Workspace } from './transformer.js';
import type { LayerWeights } from './weights.js';

/** What changes from one step to the next, and so lies on the device: a step's launches are the same for all of them. */
export interface StepInput {
  /** The token [1]. */
  readonly id: DeviceTensor;
  /** The row [1] of `angles` for its position. */
  readonly angle: DeviceTensor;
  /** Offsets of the cache's row that becomes its own, and of the rows that it sees, which end with it. */
  readonly row: DeviceTensor;
  readonly visible: DeviceTensor;
  /** Offsets of its query among the queries: one. */
  readonly query: DeviceTensor;
}

/**
 * Memory of a step: a workspace of one row, and what a pass has in other places. `angles` of all positions to come; `rope`
 * [1, d], `key` and `value` [1, g · d] of the step's row; `projected` [1, …], the workspace's queries with key and value behind
 * them; what it results in.
 */
export interface StepMemory {
  readonly ws: Workspace;
  readonly angles: RopeRows;
  readonly rope: RopeRows;
  readonly projected: DeviceTensor;
  readonly key: DeviceTensor;
  readonly value: DeviceTensor;
  readonly choice: Choice;
}

/**
 * Queues one token of one sequence through all layers, up to the scores of what follows it and the best of that. The scores'
 * bits are those of a pass over one row. `longest`: how many rows of the cache it may see at most.
 */
export function queueStep(model: Decoder, memory: StepMemory, input: StepInput, cache: KvCache, longest: number): void {
  const { device, weights } = model;
  const { ws, angles, rope } = memory;
  device.launch('takeRows', { x: angles.cos, rows: input.angle }, { out: rope.cos });
  device.launch('takeRows', { x: angles.sin, rows: input.angle }, { out: rope.sin });
  let [h] = ws.hidden;
  device.launch('embed', { table: weights.embed, ids: input.id }, { out: h });
  for (const [l, layer] of weights.layers.entries()) h = stepLayer(model, memory, input, layer, layerOf(cache, l), longest, h);
  queueLogits(model, ws, h, memory.choice.logits);
  queueChoice(device, memory.choice);
}

function stepLayer(model: Decoder, memory: StepMemory, input: StepInput, w: LayerWeights, cache: KvLayer, longest: number, h: DeviceTensor): DeviceTensor {
  const { ws } = memory;
  const q = queriesKeyAndValue(model, memory, w, { kind: 'plain', x: h, gain: w.inputNorm, eps: model.config.normEps });
  storeRow(model, memory, input, cache);
  return feedForward(model, ws, w, 'everywhere', attend(model, ws, q, input, cache, longest), h);
}

/** The queries [1, g, r, d], and key and value where they lie: of one launch where their weights are one. */
function queriesKeyAndValue(model: Decoder, { ws, rope, projected, key, value }: StepMemory, w: LayerWeights, row: Entering & { readonly kind: 'plain' }): DeviceTensor {
  const { device, config: { numHeads, numKvHeads } } = model;
  if (w.qkv === undefined) {
    projectHeads(device, row, w.k, rope, key);
    project(device, row, w.v, value);
    return queries(model, ws, w, row, rope);
  }
  projectSomeTurned(device, row, w.qkv, numHeads + numKvHeads, rope, projected);
  return headsOf(model, ws.q);
}

/** The token's K and V into its row of the cache. */
function storeRow({ device, config }: Decoder, { key, value }: StepMemory, { row }: StepInput, { keys, values, scales }: KvLayer): void {
  const heads = (t: DeviceTensor): DeviceTensor => t.reshape([1, config.numKvHeads, config.headDim]);
  device.launch(scaled('appendRow', scales), { key: heads(key), value: heads(value), ...scalesOf(scales), 'offsets.k': row }, { keys, values }, { k: 1 });
}

function attend({ device, config }: Decoder, ws: Workspace, q: DeviceTensor, { query, visible }: StepInput, { keys, values, bias, scales }: KvLayer, longest: number): DeviceTensor {
  const { o } = ws;
  const seen = { q, k: keys, v: values, scale: 1 / Math.sqrt(config.headDim), ...scalesOf(scales), 'offsets.q': query, 'offsets.k': visible };
  const out = o.reshape(q.shape);
  if (bias) device.launch(scaled('queryAttention', scales), { ...seen, bias }, { out }, { q: 1, k: longest });
  else device.launch(scaled('chunkAttention', scales), seen, { o: out, lse: ws.lse }, { q: 1, k: longest });
  return o;
}
