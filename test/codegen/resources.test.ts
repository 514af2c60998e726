import { expect, test } from 'vitest';
import type { FunctionResources } from '../../codegen/ptxas.js';
import { resourceCells, resourceColumns, resourcesOf } from '../../codegen/resources.js';
import type { LaunchSpec } from '../../dsl/manifest.js';

const said = (symbol: string, arch: string, registers: number): FunctionResources => ({ symbol, arch, registers, stackBytes: 0, spillStores: 16, spillLoads: 8, sharedBytes: 256, barriers: 1 });
const launch = (symbol: string): LaunchSpec => ({ symbol, file: 'cuda/k.sm_80.cu', line: 1, args: [], grid: [], threads: 128, sharedBytes: 48 * 1024 });
const functions = [said('b', 'sm_80', 96), said('a', 'sm_80', 222), said('a', 'sm_90a', 128), said('a', 'sm_120', 128), said('c', 'sm_80', 1)];
const rows = resourcesOf([launch('a'), launch('b')], functions);

test('what a launch takes is what ptxas says of its function and what it asks for itself, on every architecture', () => {
  expect(rows.map((r) => [r.symbol, r.arch, r.registers, r.sharedBytes, r.spilledBytes])).toEqual([
    ['a', 'sm_80', 222, 49408, 24], ['a', 'sm_90a', 128, 49408, 24], ['a', 'sm_120', 128, 49408, 24], ['b', 'sm_80', 96, 49408, 24],
  ]);
});

test('cells hold resident blocks and warps, their share and what limits them; of an unknown architecture none', () => {
  expect(rows.slice(0, 3).map(resourceCells)).toEqual([
    ['222', '49408', '24', '2', '8', '13 %', 'registers'],
    ['128', '49408', '24', '4', '16', '25 %', 'registers, shared memory'],
    ['128', '49408', '24', '–', '–', '–', '–'],
  ]);
});

test('a variant has one cell for all its launches, parted by architecture where they differ', () => {
  expect(resourceColumns(rows.filter((r) => r.arch !== 'sm_120'))).toEqual(['222/128 | 96', '49408 | 49408', '24 | 24', '2/4 | 3', '8/16 | 12', '13 %/25 % | 19 %', 'registers/registers, shared memory | shared memory']);
  expect(new Set(resourceColumns([]))).toEqual(new Set(['–']));
});
