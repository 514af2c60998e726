import { expect, test } from 'vitest';
import { ropeFrequencies, ropeTable } from '../../../runtime/model/rope.js';
import { referenceDevice } from '../../kit/referenceDevice.js';
import { tinyConfig } from '../../kit/tinyModel.js';

const llama3 = { kind: 'llama3', factor: 8, lowFrequency: 1, highFrequency: 4, originalWindow: 8192 } as const;

test('frequencies fall from 1 by equal factors', () => {
  const f = ropeFrequencies({ headDim: 64, ropeTheta: 10000, ropeScaling: { kind: 'none' } });
  expect(f.length).toBe(32);
  expect(f[0]).toBe(1);
  f.slice(1).forEach((x, i) => { expect(x / (f[i] ?? NaN)).toBeCloseTo(10000 ** (-1 / 32), 12); });
});

test('Llama 3.1 keeps short wavelengths, divides long ones, and goes from one to the other without a jump', () => {
  const plain = ropeFrequencies({ headDim: 128, ropeTheta: 500000, ropeScaling: { kind: 'none' } });
  const scaled = ropeFrequencies({ headDim: 128, ropeTheta: 500000, ropeScaling: llama3 });
  const ratios = scaled.map((x, i) => x / (plain[i] ?? NaN));
  expect(ratios[0]).toBe(1);
  expect(ratios.at(-1)).toBeCloseTo(1 / 8, 12);
  ratios.slice(1).forEach((r, i) => { expect(r).toBeLessThanOrEqual(ratios[i] ?? NaN); });
  plain.forEach((f, i) => {
    const wavelength = (2 * Math.PI) / f;
    if (wavelength < 8192 / 4) expect(ratios[i]).toBe(1);
    if (wavelength > 8192) expect(ratios[i]).toBeCloseTo(1 / 8, 12);
  });
});

test('tables of one model overlap in the same values, in whatever order they are asked for', async () => {
  const device = await referenceDevice();
  const rows = async (config: typeof tinyConfig, from: number, count: number): Promise<readonly number[]> => {
    using table = ropeTable(device, config, from, count);
    return [...(await device.read(table.cos)), ...(await device.read(table.sin))];
  };
  for (const [from, count] of [[0, 5], [3, 40], [0, 1], [2 ** 14 - 2, 2], [2 ** 14 - 2, 4], [17, 0]] as const) expect(await rows(tinyConfig, from, count)).toEqual(await rows({ ...tinyConfig }, from, count));
});

test('a table begins at its first position, one angle for each pair of a head', async () => {
  const device = await referenceDevice();
  using table = ropeTable(device, tinyConfig, 1000, 3);
  const cos = await device.read(table.cos);
  const sin = await device.read(table.sin);
  ropeFrequencies(tinyConfig).forEach((f, i) => {
    expect(cos[2 * 32 + i]).toBe(Math.fround(Math.cos(1002 * f)));
    expect(sin[i]).toBe(Math.fround(Math.sin(1000 * f)));
  });
});
