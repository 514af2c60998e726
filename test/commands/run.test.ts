import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSafetensors } from '../../runtime/model/safetensors.js';
import { encodeSafetensors, type TensorToStore } from '../../runtime/model/safetensorsWriter.js';
import { folder, warpfold } from './command.js';

const source = `import { cast, dot, type In, kernel, map, type Out, ragged, sizeOf, sum, topk } from 'warpfold/dsl';
export const shifted = kernel('shifted', { q: 'dynamic', d: 'dynamic' },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'd']>, by: In<'f32', []>): Out<E, ['d', 'q']> => cast(x.dtype, map(x, by, (x, by) => x + by)));
export const totals = kernel('totals', { c: 'dynamic', k: ragged('c') }, (x: In<'f32', ['c', 'k']>): Out<'f32', ['c']> => sum(x, 'k'));
export const best = kernel('best', { g: 'dynamic', c: 'dynamic', k: ragged('c'), n: ragged('c') }, (x: In<'f32', ['g', 'c', 'k']>): Out<'i32', ['g', 'c', 'n']> => topk(x, 'k', sizeOf('n'), 'n'));
`;

function run(kernel: string, device: string, inputs: Readonly<Record<string, TensorToStore>>, more: readonly string[] = []) {
  const cwd = folder({ 'my.ts': source, 'in.safetensors': encodeSafetensors(inputs) });
  const ended = warpfold(['run', 'my.ts', '--kernel', kernel, '--inputs', 'in.safetensors', '--output', 'out.safetensors', '--device', device, ...more], cwd);
  return { ...ended, output: (name: string) => parseSafetensors(readFileSync(join(cwd, 'out.safetensors'))).get(name) };
}

const f32 = (shape: readonly number[], data: readonly number[]): TensorToStore => ({ dtype: 'f32', shape, data: Float32Array.from(data) });
const matrix = f32([2, 3], [1, 2, 3, 4, 5, 6]);
const floats = (bytes: Uint8Array): readonly number[] => [...new Float32Array(Uint8Array.from(bytes).buffer)];

describe.each(['reference', 'cpu', 'emulator'])('warpfold run on %s', (device) => {
  test('runs a kernel on the tensors named after its parameters, axes by memory order', () => {
    const { code, stderr, output } = run('shifted', device, { x: matrix, by: f32([], [10]) });
    expect([code, stderr]).toEqual([0, '']);
    expect([output('out').shape, floats(output('out').bytes)]).toEqual([[3, 2], [11, 14, 12, 15, 13, 16]]);
  });

  test('the dtypes of the tensors choose the variant', () => {
    const { stdout, output } = run('shifted', device, { x: { dtype: 'bf16', shape: [1, 2], data: Uint16Array.from([0x3f80, 0x4000]) }, by: f32([], [1]) });
    expect(stdout).toContain('shifted (bf16)');
    expect([...new Uint16Array(Uint8Array.from(output('out').bytes).buffer)]).toEqual([0x4000, 0x4040]);
  });

  test('a ragged axis takes its offsets beside the tensors', () => {
    const { code, stderr, output } = run('totals', device, { x: f32([5], [1, 2, 3, 4, 5]), 'offsets.k': { dtype: 'i32', shape: [4], data: Int32Array.from([0, 2, 2, 5]) } });
    expect([code, stderr]).toEqual([0, '']);
    expect(floats(output('out').bytes)).toEqual([3, 0, 12]);
  });

  test('parts may lie behind another axis, and a result may have a ragged axis of its own', () => {
    const offsets = (...sums: readonly number[]): TensorToStore => ({ dtype: 'i32', shape: [sums.length], data: Int32Array.from(sums) });
    const { code, stderr, output } = run('best', device, { x: f32([2, 5], [3, 1, 2, 5, 4, 1, 2, 3, 4, 5]), 'offsets.k': offsets(0, 3, 5), 'offsets.n': offsets(0, 2, 3) });
    expect([code, stderr]).toEqual([0, '']);
    expect([output('out').shape, [...new Int32Array(Uint8Array.from(output('out').bytes).buffer)]]).toEqual([[2, 3], [0, 2, 0, 1, 2, 1]]);
  });

  test.each([
    ['a missing tensor', { x: matrix }, "error: parameter 'by' []: the inputs hold no tensor of that name; they hold x"],
    ['a wrong number of dimensions', { x: f32([6], [1, 2, 3, 4, 5, 6]), by: f32([], [1]) }, "error: parameter 'x' [q, d] takes 2 dimensions, its tensor has shape [6]"],
    ['a wrong dtype', { x: { dtype: 'i32', shape: [1, 1], data: Int32Array.from([1]) } as const, by: f32([], [1]) }, "error: no variant of 'shifted' takes x i32, by f32; there are x f32, by f32 · x bf16, by f32"],
  ])('%s is refused before anything runs', (_, inputs, message) => {
    const { code, stderr } = run('shifted', device, inputs);
    expect([code, stderr.trimEnd()]).toEqual([1, message]);
  });

  test('an unknown kernel is answered with those there are, a broken file with its code', () => {
    expect(run('nope', device, { x: matrix }).stderr).toBe("error: my.ts has no kernel 'nope'; it has shifted, totals, best\n");
    const cwd = folder({ 'my.ts': source });
    writeFileSync(join(cwd, 'in.safetensors'), 'abc');
    const { code, stderr } = warpfold(['run', 'my.ts', '--kernel', 'shifted', '--inputs', 'in.safetensors', '--output', 'out.safetensors', '--device', device], cwd);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error R202: in\.safetensors: /);
  });
});
