// One planted fault, for sanitizers.ts to see whether a tool reports it: `node build/ts/test/gpu/faults.js memcheck --device cuda`.
import { fileURLToPath } from 'node:url';
import type { Device } from '../../runtime/device.js';
import { normals } from './normals.js';
import { open, shipped } from './open.js';
import { type DeviceKind, scriptOptions } from './options.js';
import { overrunning, racing } from './planted.js';

/** Tools of compute-sanitizer for which there is a fault. */
export const faulty = ['memcheck', 'racecheck', 'initcheck'] as const;
export type Fault = (typeof faulty)[number];

/** Does once what the tool is to report. On a GPU nothing else need tell: the call may well succeed. */
export const faults: Readonly<Record<Fault, (kind: DeviceKind) => Promise<void>>> = {
  /** Reads one element behind the end of a tensor. */
  async memcheck(kind) {
    await using device = open(kind, overrunning, { apart: true });
    using x = device.alloc('f16', [1000]);
    device.write(x, new Uint16Array(1000));
    await widened(device, x, 1001);
  },
  /** Rows begin where no copy of 16 bytes can: their elements are stored one by one, and read by other warps at once. */
  async racecheck(kind) {
    await using device = open(kind, racing, { apart: true });
    const [q, e, f] = [17, 41, 33];
    using x = device.alloc('f32', [q, e]);
    using w = device.alloc('f32', [f, e]);
    using out = device.alloc('f32', [q, f]);
    device.write(x, normals(1, q * e));
    device.write(w, normals(2, f * e));
    device.launch('linear', { x, w }, { out });
    await device.sync();
  },
  /** Reads memory that nobody wrote since it was allocated; an earlier owner of as much did. */
  async initcheck(kind) {
    await using device = open(kind, shipped, { apart: true });
    const before = device.alloc('f16', [1000]);
    device.write(before, new Uint16Array(1000));
    before[Symbol.dispose]();
    await device.sync();
    using x = device.alloc('f16', [1000]);
    await widened(device, x, 1000);
  },
};

async function widened(device: Device, x: ReturnType<Device['alloc']>, length: number): Promise<void> {
  using out = device.alloc('f32', [length]);
  device.launch('widen', { x }, { out });
  await device.sync();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { device, names: [name] } = scriptOptions();
  const fault = faulty.find((f) => f === name);
  if (fault === undefined) throw new Error(`no fault '${name}'; there are ${faulty.join(', ')}`);
  await faults[fault](device);
}
