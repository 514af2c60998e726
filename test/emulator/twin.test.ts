import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Functions and types that a header of primitives offers, with the number of parameters of each function. */
const offered = (header: string): readonly string[] => {
  const functions = [...header.matchAll(/^(?:template <[^>]*> )?DEVICE (?!operator)[\w:<> ]*?(\w+)(?:<\w+>)?\(([^{]*?)\)(?= \{|;)/gm)].map(([, name, parameters]) => `${name}/${parameters?.split(/,(?![^(]*\))/).length ?? 0}`);
  const types = [...header.matchAll(/^(?:using|struct alignas\(\d+\)) (\w+)/gm)].map(([, name]) => name ?? '');
  return [...new Set([...functions, ...types])].sort();
};

test('every primitive of the device has its twin, with as many parameters', () => {
  const twin = new Set(offered(text('test/emulator/cuda/primitives.cuh')));
  const device = offered(text('codegen/device/cuda/primitives.cuh'));
  expect(device.length).toBeGreaterThan(30);
  expect(device.filter((name) => !twin.has(name))).toEqual([]);
});

const hasNvcc = ((): boolean => {
  try {
    execFileSync('nvcc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!hasNvcc)('what prints the lane maps of a GPU compiles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const said = execFileSync('nvcc', ['-std=c++17', '-arch=sm_80', '-Werror=all-warnings', '-I', 'codegen/device', '-o', join(folder, 'laneMaps'), 'test/gpu/laneMaps.cu'], { cwd: root, encoding: 'utf8' });
  expect(said).toBe('');
}, 120_000);
