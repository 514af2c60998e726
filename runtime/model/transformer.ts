import type { DType } from '../../dsl/dtype.js';
import type { Device, DeviceTensor } from '../device.js';
import { type KvFormat, type KvLayer, narrowRows, rowsOf, scaled, scalesOf } from '../kvCache.js';
import { owning } from '../scope.js';
import { spanned } from '../spans.js';
import type { ModelConfig } from './config.js';
import { pacer } from './pacer.js';
import type { Attended, Behind, Parts, Pass } from './pass.js';
import { type Entering, enter, type Norms, normsOf, project, projectGated, projectHeads } from './projections.js';
import { type RopeRows, ropeRows } from './rope.js';
import type { LayerWeights, Weights } from './weights.js';

/** A model ready to run: its shape, its weights in compute precision, where they are, and what it stores K and V in. */
export interface Decoder extends KvFormat { readonly config: ModelConfig; readonly weights: Weights; readonly device: Device }

/** Activations of up to `maxRows` rows, shared by all layers and passes. */
export interface Workspace extends Disposable {
  readonly maxRows: number;
  readonly ids: DeviceTensor;
  /** The residual stream, in f32: what layers add to it is not rounded to what they compute in. */
  readonly hidden: readonly [DeviceTensor, DeviceTensor];
  readonly normed: DeviceTensor;
  readonly q: DeviceTensor;
  readonly o: DeviceTensor;
  readonly ffn: DeviceTensor;
  readonly lse: DeviceTensor;
  /** Offsets of a pass's queries and of the keys they see, where a kernel asks for them. */
  readonly ends: DeviceTensor;
}

/** `q`: where queries lie, of a caller that has memory for them. */
export function workspace({ device, config, dtype }: Decoder, maxRows: number, q?: DeviceTensor): Workspace {
  return owning((own) => {
    const rows = (size: number): DeviceTensor => own(device.alloc(dtype, [maxRows, size]));
    const residual = (): DeviceTensor => own(device.alloc('f32', [maxRows, config.hiddenSize]));
    const qSize = config.numHeads * config.headDim;
    return {
      maxRows,
      ids: own(device.alloc('i32', [maxRows])),
      hidden: [residual(), residual()] as const,
      normed: rows(config.hiddenSize),
      q: q ?? rows(qSize),
      o: rows(qSize),
      ffn: rows(config.ffnSize),
      lse: own(device.alloc('f32', [maxRows, config.numKvHeads, config.numHeads / config.numKvHeads])),
      ends: own(device.alloc('i32', [4])),
    };
  });
}

/**
 * Queues a pass. Resolves to the residual rows of the last layer, before the final norm, valid until the next pass: in the
 * first hidden buffer, of packed rows in the second; an encoding pass has none. They need not have been computed yet. Stops between layers when the
 * signal fires.
 */
export async function forward(model: Decoder, ws: Workspace, pass: Pass): Promise<DeviceTensor> {
  const { device, weights } = model;
  const ids = ws.ids.slice(0, pass.ids.length);
  device.write(ids, Int32Array.from(pass.ids));
  let h = ws.hidden[0].slice(0, pass.ids.length);
  device.launch('embed', { table: weights.embed, ids }, { out: h });
  const keepPace = pacer(device, weights.layers.length, pass.ahead);
  for (const [l, layer] of weights.layers.entries()) {
    pass.signal?.throwIfAborted();
    const entering = h;
    h = spanned('queue', `layer ${l}`, () => decoderLayer(model, ws, pass, layer, l, entering));
    await keepPace(l);
  }
  return h;
}

function decoderLayer(model: Decoder, ws: Workspace, pass: Pass, w: LayerWeights, l: number, h: DeviceTensor): DeviceTensor {
  const { device, config } = model;
  const isLast = l === config.numLayers - 1;
  const norms = normsOf(device, pass);
  const rows = enter(device, h, w.inputNorm, config.normEps, norms, ws.normed);
  const cache = pass.cache(l);
  storeKv(model, ws, pass, w, rows, pass.rows.kind === 'behind' ? pass.rows.own : cache);
  switch (pass.rows.kind) {
    case 'sequence': {
      const from = isLast ? pass.rows.outputFrom : 0;
      const q = queries(model, ws, w, { ...rows, x: rows.x.slice(from, pass.ids.length) }, ropeRows(pass.rope, from, pass.ids.length));
      return feedForward(model, ws, w, norms, attendSequence(model, ws, q, cache, pass.rows.first + from), h.slice(from, pass.ids.length));
    }
    case 'packed': {
      const { parts, outputs, afterLayer } = pass.rows;
      const residual = isLast ? takeRows(device, h, outputs.rows, ws.hidden[1]) : h;
      // Normed once more: taken from the normed rows, they would need a buffer of their own.
      const q = isLast ? queries(model, ws, w, enter(device, residual, w.inputNorm, config.normEps, norms, ws.normed), outputs.rope) : queries(model, ws, w, rows, pass.rope);
      const seen = { q, lse: ws.lse.slice(0, q.shape[0] ?? 0), parts: isLast ? outputs.parts : parts, cache };
      const o = attendPacked(model, ws, seen, parts, pass.ids.length);
      const [first, second] = ws.hidden;
      const out = feedForward(model, ws, w, norms, o, residual, isLast ? [second, first] : ws.hidden);
      afterLayer(l, seen);
      return out;
    }
    case 'encoded': {
      pass.rows.afterLayer?.(l, cache);
      if (isLast) return h;
      const q = queries(model, ws, w, rows, pass.rope);
      const seen = { q, lse: ws.lse.slice(0, pass.ids.length), parts: pass.rows.parts, cache };
      return feedForward(model, ws, w, norms, attendPacked(model, ws, seen, pass.rows.parts, pass.ids.length), h);
    }
    case 'behind': {
      const { parts, all, count, afterLayer } = pass.rows;
      join(model, pass.rows, l, pass.ids.length, cache);
      const q = queries(model, ws, w, rows, pass.rope);
      const seen = { q, lse: ws.lse.slice(0, pass.ids.length), parts, cache };
      const out = feedForward(model, ws, w, norms, attendPacked(model, ws, seen, all, count), h);
      afterLayer(l, seen);
      return out;
    }
    default: return pass.rows satisfies never;
  }
}

/** K and V of the rows before and of the pass's own, sequence by sequence. */
function join({ device }: Decoder, { before, beforeParts, parts, own, all, count }: Behind, l: number, rows: number, into: KvLayer): void {
  const { keys: k, values: v, scales } = before(l);
  const args = { k, v, ...scalesOf(scales), kNew: own.keys.slice(0, rows), vNew: own.values.slice(0, rows), 'offsets.j': beforeParts.offsets, 'offsets.q': parts.offsets, 'offsets.k': all.offsets };
  device.launch(scaled('joinRows', scales), args, { keys: into.keys.slice(0, count), values: into.values.slice(0, count) }, { j: beforeParts.longest, q: parts.longest, k: all.longest });
}

/** K and V of all rows into the cache. On their way to 8 bits they lie where queries and outputs will, which have as many heads at least. */
function storeKv({ device, config }: Decoder, ws: Workspace, pass: Pass, w: LayerWeights, rows: Entering, cache: KvLayer): void {
  const { numKvHeads: g, headDim: d } = config;
  const count = rows.x.shape[0] ?? 0;
  const first = pass.rows.kind === 'sequence' ? pass.rows.first : 0;
  const into = rowsOf(cache, first, first + count);
  const between = (x: DeviceTensor): DeviceTensor => x.reshape([ws.maxRows * config.numHeads, d]).slice(0, count * g).reshape([count, g, d]);
  const { keys, values } = cache.scales === undefined ? into : { keys: between(ws.q), values: between(ws.o) };
  projectHeads(device, rows, w.k, pass.rope, keys);
  project(device, rows, w.v, values.reshape([count, g * d]));
  if (cache.scales !== undefined) narrowRows(device, { keys, values }, into);
}

/** Queries [rows, g, r, d] of some rows, turned by their angles. */
export function queries({ device, config }: Decoder, ws: Workspace, w: LayerWeights, rows: Entering, rope: RopeRows): DeviceTensor {
  const q = ws.q.slice(0, rows.x.shape[0] ?? 0);
  projectHeads(device, rows, w.q, rope, q);
  return headsOf({ config }, q);
}

/** Rows of queries as [rows, g, r, d]. */
export const headsOf = ({ config: { numHeads, numKvHeads, headDim } }: Pick<Decoder, 'config'>, q: DeviceTensor): DeviceTensor =>
  q.reshape([q.shape[0] ?? 0, numKvHeads, numHeads / numKvHeads, headDim]);

/** Rows of the cache up to the last query's are visible; `first` of them to the first query, apart from its own. */
function attendSequence({ device, config }: Decoder, ws: Workspace, q: DeviceTensor, { keys, values, bias, scales }: KvLayer, first: number): DeviceTensor {
  const count = q.shape[0] ?? 0;
  const end = first + count;
  const o = ws.o.slice(0, count);
  const out = o.reshape(q.shape);
  const rows = device.kind === 'cpu' && bias === undefined ? Math.max(leastRows, Math.floor(scoresAtOnce / end / leastRows) * leastRows) : count;
  for (let from = 0; from < count; from += rows) {
    const to = Math.min(count, from + rows);
    const seen = { q: q.slice(from, to), k: keys.slice(0, first + to), v: values.slice(0, first + to), scale: 1 / Math.sqrt(config.headDim), ...scalesOf(scales) };
    const results = { out: out.slice(from, to) };
    if (bias === undefined && scales === undefined) {
      device.launch('causalAttention', { ...seen, first: first + from }, results);
      continue;
    }
    device.write(ws.ends, Int32Array.of(0, to - from, 0, first + to));
    const one = { ...seen, 'offsets.q': ws.ends.slice(0, 2), 'offsets.k': ws.ends.slice(2, 4) };
    if (bias) device.launch(scaled('queryAttention', scales), { ...one, bias: bias.slice(0, first + to) }, results);
    else device.launch(scaled('chunkAttention', scales), one, { o: results.out, lse: ws.lse.slice(from, to) });
  }
  return o;
}

/** Scores per head of one launch on a processor, whose launches end before an abort is done; and rows below which it is not cut. */
const scoresAtOnce = 2 ** 22;
const leastRows = 64;

function attendPacked({ device, config }: Decoder, ws: Workspace, { q, lse, parts, cache }: Attended, keys: Parts, rows: number): DeviceTensor {
  const o = ws.o.slice(0, q.shape[0] ?? 0);
  const seen = { q, k: cache.keys.slice(0, rows), v: cache.values.slice(0, rows), scale: 1 / Math.sqrt(config.headDim), 'offsets.q': parts.offsets, 'offsets.k': keys.offsets };
  device.launch('chunkAttention', seen, { o: o.reshape(q.shape), lse }, { q: parts.longest, k: keys.longest });
  return o;
}

/** The chosen rows of a matrix, into the first rows of another. */
export function takeRows<D extends DType>(device: Device, x: DeviceTensor<D>, rows: DeviceTensor, into: DeviceTensor<D>): DeviceTensor<D> {
  const out = into.slice(0, rows.shape[0] ?? 0);
  device.launch('takeRows', { x, rows }, { out });
  return out;
}

/** Projects the heads back and runs the gated MLP; both add to the residual `h`, which may lie in the first of `hidden`. The result does; what is between the two lies in the second. */
export function feedForward({ device, config }: Decoder, ws: Workspace, w: LayerWeights, norms: Norms, o: DeviceTensor, h: DeviceTensor, hidden = ws.hidden): DeviceTensor {
  const rows = o.shape[0] ?? 0;
  const between = hidden[1].slice(0, rows);
  const ffn = ws.ffn.slice(0, rows);
  const out = hidden[0].slice(0, rows);
  device.launch('linearAdd', { x: o, w: w.o, residual: h }, { out: between });
  projectGated(device, enter(device, between, w.postNorm, config.normEps, norms, ws.normed), w, ffn);
  device.launch('linearAdd', { x: ffn, w: w.down, residual: between }, { out });
  return out;
}

/** The final norm of some rows, into the workspace; valid until the next pass. */
export function finalNorm({ device, config, weights }: Decoder, ws: Workspace, h: DeviceTensor): DeviceTensor {
  const out = ws.normed.slice(0, h.shape[0] ?? 0);
  device.launch('rmsNorm', { x: h, gain: weights.norm, eps: config.normEps }, { out });
  return out;
}

/** Scores of every token after the last of `h`'s rows, on the host. */
export async function lastLogits(model: Decoder, ws: Workspace, h: DeviceTensor): Promise<Float32Array> {
  const rows = h.shape[0] ?? 0;
  using out = model.device.alloc('f32', [1, model.config.vocabSize]);
  queueLogits(model, ws, h.slice(rows - 1, rows), out);
  return await model.device.read(out);
}

/** Queues the scores of every token after each row of `h`. */
export function queueLogits(model: Decoder, ws: Workspace, h: DeviceTensor, out: DeviceTensor): void {
  model.device.launch('logits', { h: finalNorm(model, ws, h), w: model.weights.head }, { out });
}
