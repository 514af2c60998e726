import { fc, test as prop } from '@fast-check/vitest';
import { afterAll, expect, test } from 'vitest';
import type { Device, DeviceTensor } from '../../runtime/device.js';
import { testGpu } from './testDevices.js';

// Recordings whose launches run side by side, as they do unless said. The driver runs what was recorded last as early as its graph allows.

const fake = testGpu();
afterAll(() => fake.remove());

const slots = 4;
/** Reads slots `a` and `b`, writes `to`; a slot is three numbers of one tensor, `wide` ones are two slots. */
interface Step { readonly kind: 'add' | 'twice' | 'copy'; readonly a: number; readonly b: number; readonly to: number; readonly wide: boolean }
const slot = fc.nat(slots - 1);
/** What a launch writes it does not read. */
const isApart = ({ a, b, to, wide }: Step): boolean => [a, b].every((from) => (wide ? Math.floor(from / 2) !== Math.floor(to / 2) : from !== to));
const step: fc.Arbitrary<Step> = fc.record({ kind: fc.constantFrom('add', 'twice', 'copy'), a: slot, b: slot, to: slot, wide: fc.boolean() }).filter(isApart);

/** Slots of a tensor, or two of them from an even one on. */
const at = (all: DeviceTensor, index: number, wide: boolean): DeviceTensor => (wide ? all.slice(6 * Math.floor(index / 2), 6 * Math.floor(index / 2) + 6) : all.slice(3 * index, 3 * index + 3));

function take(device: Device, all: DeviceTensor, { kind, a, b, to, wide }: Step): void {
  const [first, second, out] = [at(all, a, wide), at(all, b, wide), at(all, to, wide)];
  if (kind === 'add') device.launch('scaleAdd', { a: first, b: second, s: 0.5 }, { out });
  else if (kind === 'twice') device.launch('twicePlusOne', { a: first }, { out });
  else device.copy(out, first);
}

async function replayed(steps: readonly Step[], overlap?: 'none'): Promise<readonly number[]> {
  await using device = fake.open({ overlap });
  using all = device.alloc('f32', [3 * slots]);
  device.write(all, Float32Array.from({ length: 3 * slots }, (_, i) => i));
  using recording = device.record(() => steps.forEach((s) => take(device, all, s)));
  recording.replay();
  recording.replay();
  return [...await device.read(all)];
}

prop.prop([fc.array(step, { minLength: 1, maxLength: 12 })], { numRuns: 60 })('whatever reads and writes whatever: side by side as one after the other', async (steps) => {
  expect(await replayed(steps)).toEqual(await replayed(steps, 'none'));
});

const graphOf = async (steps: readonly Step[], overlap?: 'none'): Promise<string | undefined> => {
  fake.log();
  await replayed(steps, overlap);
  return fake.log().find((l) => l.startsWith('graph of'));
};
const add = (a: number, b: number, to: number): Step => ({ kind: 'add', a, b, to, wide: false });

test.for([
  ['wait for nothing where they read one tensor and write others', [add(0, 0, 1), add(0, 0, 2), add(0, 0, 3)], 'graph of 3 with 0'],
  ['wait for what they read', [add(0, 0, 1), add(0, 0, 2), add(1, 2, 3)], 'graph of 3 with 2'],
  ['wait for those who read what they write', [add(0, 1, 2), add(0, 0, 1)], 'graph of 2 with 1'],
  ['wait for the last one alone where it waits for the others', [add(0, 0, 1), add(1, 1, 2), add(1, 2, 3)], 'graph of 3 with 2'],
  ['wait for a tensor that holds theirs', [add(0, 0, 1), { ...add(0, 0, 2), wide: true }, add(3, 3, 0)], 'graph of 3 with 2'],
] as const)('launches %s', async ([_, steps, graph]) => {
  expect(await graphOf(steps)).toBe(graph);
  expect(await graphOf(steps, 'none')).toBe(`graph of ${steps.length} with ${steps.length - 1}`);
});

test('a launch without blocks holds nobody up, and who waits for it waits for what it waits for', async () => {
  await using device = fake.open();
  using all = device.alloc('f32', [3 * slots]);
  device.write(all, new Float32Array(3 * slots).fill(1));
  using none = device.alloc('f32', [0]);
  using recording = device.record(() => {
    take(device, all, add(0, 0, 1));
    device.launch('twicePlusOne', { a: none }, { out: none });
    take(device, all, add(1, 1, 0));
  });
  recording.replay();
  expect((await device.read(all)).slice(0, 6)).toEqual(Float32Array.of(2.25, 2.25, 2.25, 1.5, 1.5, 1.5));
});
