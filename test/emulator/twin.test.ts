import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Functions and types that a header of primitives offers, with the number of parameters of each function. */
const offered = (header: string): readonly string[] => {
  const functions = [...header.matchAll(/^(?:template <[^>]*> )?DEVICE (?!operator)[\w:<> ]*?(\w+)(?:<\w+>)?\(([^{]*?)\)(?= \{|;)/gm)].map(([, name, parameters]) => `${name}/${parameters?.split(/,(?![^(]*\))/).length ?? 0}`);
  const types = [...header.matchAll(/^(?:using|struct alignas\(\d+\)) (\w+)/gm)].map(([, name]) => name ?? '');
  return [...new Set([...functions, ...types])].sort();
};

test.for([['primitives.cuh', 30], ['asynchronous.cuh', 20], ['wgmma.cuh', 4]] as const)('every primitive of %s has its twin, with as many parameters', ([header, atLeast]) => {
  const twin = new Set(offered(text(`test/emulator/cuda/${header}`)));
  const device = offered(text(`codegen/device/cuda/${header}`));
  expect(device.length).toBeGreaterThan(atLeast);
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

describe.skipIf(!hasNvcc)('what prints the lane maps of a GPU compiles', () => {
  test.for([['laneMaps.cu', '80'], ['laneMapsHopper.cu', '90a']] as const)('%s', { timeout: 120_000 }, ([file, arch]) => {
    const folder = mkdtempSync(join(tmpdir(), 'lanes-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const said = execFileSync('nvcc', ['-std=c++17', '-gencode', `arch=compute_${arch},code=sm_${arch}`, '-Werror=all-warnings', '-I', 'codegen/device', '-o', join(folder, 'laneMaps'), `test/gpu/${file}`], { cwd: root, encoding: 'utf8' });
    expect(said).toBe('');
  });
});
