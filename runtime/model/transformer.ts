import type { Device, DeviceTensor } from '../device.js';
import type { KvLayer } from '../kvCache.js';
import { owning } from '../scope.js';
import type { ModelConfig } from './config.js';
import { type RopeRows, ropeRows } from './rope.js';
import type { LayerWeights, Projection, Weights } from './weights.js';

/** A model ready to run: its shape, its weights in compute precision, and where they are. */
export interface Decoder { readonly config: ModelConfig; readonly weights: Weights; readonly device: Device; readonly dtype: 'f32' | 'bf16' }

/** Activations of up to `maxRows` rows, shared by all layers and passes. */
export interface Workspace extends Disposable {
  readonly maxRows: number;
  readonly ids: DeviceTensor;
  readonly hidden: readonly [DeviceTensor, DeviceTensor];
  readonly normed: DeviceTensor;
  readonly q: readonly [DeviceTensor, DeviceTensor];
  readonly k: DeviceTensor;
  readonly ffn: DeviceTensor;
  readonly lse: DeviceTensor;
}

export function workspace({ device, config, dtype }: Decoder, maxRows: number): Workspace {
  return owning((own) => {
    const rows = (...shape: readonly number[]): DeviceTensor => own(device.alloc(dtype, [maxRows, ...shape]));
    const qSize = config.numHeads * config.headDim;
    return {
      maxRows,
      ids: own(device.alloc('i32', [maxRows])),
      hidden: [rows(config.hiddenSize), rows(config.hiddenSize)] as const,
      normed: rows(config.hiddenSize),
      q: [rows(qSize), rows(qSize)] as const,
      k: rows(config.numKvHeads * config.headDim),
      ffn: rows(config.ffnSize),
      lse: own(device.alloc('f32', [maxRows, config.numKvHeads, config.numHeads / config.numKvHeads])),
    };
  });
}

/** Some consecutive rows through all layers. */
export interface Pass {
  readonly ids: readonly number[];
  /** Angles of exactly these rows' positions. */
  readonly rope: RopeRows;
  /** Rows that stand in the cache before these. All rows see them; among themselves the rows are causal. */
  readonly first: number;
  /** Where a layer's K and V live; this pass writes its rows behind the first ones. */
  readonly cache: (layer: number) => KvLayer;
  /** The last layer computes the rows from here on; the others are of no use to the caller. */
  readonly outputFrom: number;
  /** Called when a layer's launches are queued, with what its attention saw. */
  readonly afterLayer?: (layer: number, seen: Attended) => void;
  readonly signal?: AbortSignal | undefined;
}
/** Queries [rows, g, r, d] after RoPE and their log-sum-exp [rows, g, r], from row `from` of the pass on; valid until the next layer. `lse` is unset where the layer has a bias. */
export interface Attended { readonly from: number; readonly q: DeviceTensor; readonly lse: DeviceTensor }

/** Queues a pass. Returns the residual rows from `outputFrom` on, before the final norm, valid until the next pass. Stops between layers when the signal fires. */
export function forward(model: Decoder, ws: Workspace, pass: Pass): DeviceTensor {
  const { device, weights } = model;
  const ids = ws.ids.slice(0, pass.ids.length);
  device.write(ids, Int32Array.from(pass.ids));
  let h = ws.hidden[0].slice(0, pass.ids.length);
  device.launch('embed', { table: weights.embed, ids }, { out: h });
  weights.layers.forEach((layer, l) => {
    pass.signal?.throwIfAborted();
    const from = l === weights.layers.length - 1 ? pass.outputFrom : 0;
    const cache = pass.cache(l);
    const attended = attend(model, ws, pass, layer, cache, h, from);
    h = feedForward(model, ws, layer, attended.o, h.slice(from, pass.ids.length));
    pass.afterLayer?.(l, attended);
  });
  return h;
}

function attend(model: Decoder, ws: Workspace, pass: Pass, w: LayerWeights, cache: KvLayer, h: DeviceTensor, from: number): Attended & { readonly o: DeviceTensor } {
  const { device, config } = model;
  const { numKvHeads: g, headDim: d } = config;
  const r = config.numHeads / g;
  const rows = pass.ids.length;
  const outputs = rows - from;
  const end = pass.first + rows;
  const x = ws.normed.slice(0, rows);
  device.launch('rmsNorm', { x: h, gain: w.inputNorm, eps: config.normEps }, { out: x });

  const k = ws.k.slice(0, rows);
  project(device, x, w.k, k);
  turn(device, k, cache.keys.slice(pass.first, end), [rows, g, 2, d / 2], ropeRows(pass.rope, 0, rows));
  project(device, x, w.v, cache.values.slice(pass.first, end).reshape([rows, g * d]));

  const [plain, turned] = [ws.q[0].slice(0, outputs), ws.q[1].slice(0, outputs)];
  project(device, x.slice(from, rows), w.q, plain);
  turn(device, plain, turned, [outputs, g * r, 2, d / 2], ropeRows(pass.rope, from, rows));

  const q = turned.reshape([outputs, g, r, d]);
  const o = plain.reshape([outputs, g, r, d]);
  const lse = ws.lse.slice(0, outputs);
  const seen = { q, k: cache.keys.slice(0, end), v: cache.values.slice(0, end), scale: 1 / Math.sqrt(d), first: pass.first + from };
  if (cache.bias) device.launch('queryAttention', { ...seen, bias: cache.bias.slice(0, end) }, { out: o });
  else device.launch('chunkAttention', seen, { o, lse });
  return { from, q, lse, o: plain };
}

/** Projects the heads back and runs the gated MLP; both add to the residual. The result is the other hidden buffer's rows or the same one's, never overlapping what is read. */
function feedForward({ device, config }: Decoder, ws: Workspace, w: LayerWeights, o: DeviceTensor, h: DeviceTensor): DeviceTensor {
  const rows = o.shape[0] ?? 0;
  const between = ws.hidden[1].slice(0, rows);
  const x = ws.normed.slice(0, rows);
  const ffn = ws.ffn.slice(0, rows);
  const out = ws.hidden[0].slice(0, rows);
  device.launch('linearAdd', { x: o, w: w.o, residual: h }, { out: between });
  device.launch('rmsNorm', { x: between, gain: w.postNorm, eps: config.normEps }, { out: x });
  device.launch('swiglu', { x, gate: w.gate, up: w.up }, { out: ffn });
  device.launch('linearAdd', { x: ffn, w: w.down, residual: between }, { out });
  return out;
}

/** Rotary positions; `shape` is both tensors seen as [rows, heads, halves, half a head]. */
function turn(device: Device, x: DeviceTensor, out: DeviceTensor, shape: readonly number[], rope: RopeRows): void {
  device.launch('rope', { x: x.reshape(shape), ...rope }, { out: out.reshape(shape) });
}

function project(device: Device, x: DeviceTensor, { w, bias }: Projection, out: DeviceTensor): void {
  if (bias) device.launch('linearBias', { x, w, bias }, { out });
  else device.launch('linear', { x, w }, { out });
}

/** The final norm of some rows, into the workspace; valid until the next pass. */
export function finalNorm({ device, config, weights }: Decoder, ws: Workspace, h: DeviceTensor): DeviceTensor {
  const out = ws.normed.slice(0, h.shape[0] ?? 0);
  device.launch('rmsNorm', { x: h, gain: weights.norm, eps: config.normEps }, { out });
  return out;
}

/** Scores of every token after the last of `h`'s rows, on the host. */
export async function lastLogits(model: Decoder, ws: Workspace, h: DeviceTensor): Promise<Float32Array> {
  const { device, config, weights } = model;
  const rows = h.shape[0] ?? 0;
  using out = device.alloc('f32', [1, config.vocabSize]);
  device.launch('logits', { h: finalNorm(model, ws, h.slice(rows - 1, rows)), w: weights.head }, { out });
  return await device.read(out);
}
