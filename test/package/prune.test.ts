import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { folder, root } from '../commands/command.js';

const kept = [
  'build/kernels/cpu/x86-64-v3/loss.so', 'build/kernels/cpu/x86-64-v3/loss.so.hash', 'build/kernels/cuda/loss.fatbin', 'build/kernels/cuda/loss.json', 'build/kernels/cuda/loss.sm_90a.fatbin', 'build/kernels/cuda/loss.sm_90a.fatbin.hash', 'build/native/Release/warpfold.node',
  'build/ts/all.tsbuildinfo', 'build/ts/dsl/here.d.ts', 'build/ts/dsl/here.js', 'build/ts/dsl/here.js.map', 'dsl/here.ts', 'kernels-generated/cpu/loss.cpp', 'kernels-generated/cuda/loss.sm_80.cu', 'kernels-generated/cuda/loss.sm_90a.cu', 'kernels-generated/cuda/norm.sm_80.cu',
];
const gone = ['build/kernels/cpu/x86-64-v3/old.so', 'build/kernels/cuda/old.fatbin', 'build/kernels/cuda/old.json', 'build/kernels/cuda/norm.sm_90a.fatbin', 'build/kernels/cuda/norm.sm_90a.json', 'build/ts/dsl/old.d.ts', 'build/ts/dsl/old.js'];

test('pruning removes what was built from sources that are gone, and nothing else', () => {
  const place = folder();
  for (const path of [...kept, ...gone]) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), '');
  }
  execFileSync(process.execPath, [join(root, 'runtime', 'setup', 'prune.mjs'), place]);
  const files = readdirSync(place, { recursive: true, withFileTypes: true, encoding: 'utf8' }).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(place.length + 1));
  expect(files.sort()).toEqual(kept);
});
