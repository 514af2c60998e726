import type { Device, DeviceTensor, LaunchArgs } from '../../runtime/device.js';
import { values } from '../kit/values.js';

/** One kernel call and the arithmetic it is good for. */
export interface KernelCase {
  readonly name: string;
  readonly kernel: string;
  /** Useful floating-point operations of one call: 2 per multiply-add, masked scores not counted. */
  readonly flops: number;
  readonly call: (device: Device) => { readonly args: LaunchArgs; readonly results: Readonly<Record<string, DeviceTensor>> };
}

const filled = (device: Device, seed: number, shape: readonly number[]): DeviceTensor => {
  const tensor = device.alloc('f32', shape);
  device.write(tensor, Float32Array.from(values(seed, shape.reduce((n, s) => n * s, 1), { min: -1, max: 1 })));
  return tensor;
};

/** Rows q, features e, outputs f. */
const matmul = (q: number, e: number, f: number): KernelCase => ({
  name: `matmul ${q} × ${e} × ${f}`, kernel: 'linear', flops: 2 * q * e * f,
  call: (device) => ({ args: { x: filled(device, 1, [q, e]), w: filled(device, 2, [f, e]) }, results: { out: device.alloc('f32', [q, f]) } }),
});

const causal = (keys: number, kvHeads: number, perHead: number, d: 64 | 128): KernelCase => ({
  name: `causal attention, ${keys} keys, ${kvHeads} × ${perHead} heads, d ${d}`, kernel: 'causalAttention',
  // Two products of d multiply-adds for each of the keys·(keys + 1)/2 visible pairs.
  flops: 2 * 2 * d * kvHeads * perHead * (keys * (keys + 1)) / 2,
  call: (device) => ({
    args: { q: filled(device, 3, [keys, kvHeads, perHead, d]), k: filled(device, 4, [keys, kvHeads, d]), v: filled(device, 5, [keys, kvHeads, d]), scale: d ** -0.5, first: 0 },
    results: { out: device.alloc('f32', [keys, kvHeads, perHead, d]) },
  }),
});

export const kernelCases: readonly KernelCase[] = [
  matmul(512, 512, 512), matmul(900, 256, 704), matmul(900, 704, 256), matmul(1, 256, 4096),
  causal(2048, 2, 2, 64), causal(900, 2, 2, 64), causal(2048, 2, 4, 128),
];

/** Seconds of one call: the best of as many as fit into about one second, after one that loads the kernel. */
export async function timeKernel(device: Device, { kernel, call }: KernelCase): Promise<number> {
  const { args, results } = call(device);
  const once = async (): Promise<number> => {
    const start = performance.now();
    device.launch(kernel, args, results);
    await device.sync();
    return (performance.now() - start) / 1000;
  };
  await once();
  let best = Number.POSITIVE_INFINITY;
  for (let spent = 0, runs = 0; spent < 1 || runs < 3; runs++) {
    const seconds = await once();
    best = Math.min(best, seconds);
    spent += seconds;
  }
  for (const t of [...Object.values(args), ...Object.values(results)]) if (typeof t !== 'number') t[Symbol.dispose]();
  return best;
}
