import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { readPrompt } from '../../../runtime/decode.js';
import type { ModelConfig } from '../../../runtime/model/config.js';
import { loadWeights, type Stored } from '../../../runtime/model/weights.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyConfig, tinyTensors } from '../../kit/tinyModel.js';

const small = { ...tinyConfig, numLayers: 1 };
const lookupIn = (tensors: ReadonlyMap<string, Stored>) => (name: string): Stored => {
  const found = tensors.get(name);
  if (found === undefined) throw new Error(`no tensor '${name}'`);
  return found;
};
const load = async (config: ModelConfig, tensors: ReadonlyMap<string, Stored> = tinyTensors(config)) => {
  const device = await referenceDevice();
  return { device, config, dtype: 'f32' as const, weights: await loadWeights(device, config, lookupIn(tensors), 'f32') };
};
const logitsOf = async (model: Awaited<ReturnType<typeof load>>): Promise<Float32Array> => {
  const state = await readPrompt(model, [0, 5, 9, 3], 1);
  return state.logits;
};
/** f32 elements cut to bf16, which lie in their upper halves. */
const narrowed = ({ shape, bytes }: Stored): Stored => {
  const bits = new Uint32Array(bytes.slice().buffer);
  return { dtype: 'BF16', shape, bytes: new Uint8Array(Uint16Array.from(bits, (b) => b >>> 16).buffer) };
};
const cut = ({ shape, bytes }: Stored): Stored => ({ dtype: 'F32', shape, bytes: new Uint8Array(Uint32Array.from(new Uint32Array(bytes.slice().buffer), (b) => b & 0xffff0000).buffer) });

describe('weights', () => {
  test('bf16 is widened exactly, and what is borrowed for that is given back', async () => {
    const tensors = tinyTensors(small);
    const wide = await load(small, new Map([...tensors].map(([name, t]) => [name, cut(t)])));
    const narrow = await load(small, new Map([...tensors].map(([name, t]) => [name, narrowed(t)])));
    expect(await logitsOf(narrow)).toEqual(await logitsOf(wide));
    expect(narrow.device.live()).toBe(wide.device.live());
  });

  test('tied embeddings use one tensor', async () => {
    const { weights } = await load({ ...small, tiedEmbeddings: true });
    expect(weights.head).toBe(weights.embed);
  });

  test('Qwen2: biases of zero change nothing, others do', async () => {
    const config: ModelConfig = { ...small, family: 'qwen2', qkvBias: true };
    const tensors = tinyTensors(config);
    const zero = new Map([...tensors].map(([name, t]) => [name, name.endsWith('.bias') ? { ...t, bytes: new Uint8Array(t.bytes.length) } : t]));
    const plain = await logitsOf(await load({ ...small, family: 'qwen2' }, tensors));
    expect(await logitsOf(await load(config, zero))).toEqual(plain);
    expect(await logitsOf(await load(config, tensors))).not.toEqual(plain);
  });

  test.prop([fc.constantFrom(...tinyTensors(small).keys()), fc.constantFrom('shape', 'rank', 'dtype', 'missing')])(
    'a tensor that does not fit is refused by name, and nothing is lost', async (name, how) => {
      const device = await referenceDevice();
      const tensors = new Map(tinyTensors(small));
      const t = tensors.get(name) ?? { dtype: '', shape: [], bytes: new Uint8Array() };
      if (how === 'shape') tensors.set(name, { ...t, shape: t.shape.map((n) => n + 1) });
      if (how === 'rank') tensors.set(name, { ...t, shape: [1, ...t.shape] });
      if (how === 'dtype') tensors.set(name, { ...t, dtype: 'I64' });
      if (how === 'missing') tensors.delete(name);
      const failure = await loadWeights(device, small, lookupIn(tensors), 'f32').catch((e: unknown) => e);
      if (how === 'missing') expect(failure).toMatchObject({ message: `no tensor '${name}'` });
      else expect(failure).toMatchObject({ code: how === 'dtype' ? 'R306' : 'R305', where: name });
      expect(device.live()).toBe(0);
    });

  test('progress counts every tensor', async () => {
    const config: ModelConfig = { ...tinyConfig, family: 'qwen2', qkvBias: true };
    const seen: [number, number][] = [];
    await loadWeights(await referenceDevice(), config, lookupIn(tinyTensors(config)), 'f32', (done, total) => seen.push([done, total]));
    expect(seen).toEqual(Array.from({ length: 51 }, (_, i) => [i + 1, 51]));
  });
});
