import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildEmulator } from '../../codegen/emulator.js';
import { runtimeError } from '../runtime/testDevices.js';
import { faults, faulty } from './faults.js';
import { scriptOptions } from './options.js';
import { plantedFolder, racing, writePlanted } from './planted.js';
import { sanitizers } from './sanitizers.js';

/** A compute-sanitizer that says of planted faults what the real one does, unless BLIND names the tool; finds something in the kernels where FINDS names it. */
const tool = `#!/bin/sh
echo "$*" >> "$(dirname "$0")/calls"
case "$*" in
  *faults.js*)
    if [ "$BLIND" = "$2" ]; then echo "========= ERROR SUMMARY: 0 errors"; exit 0; fi
    if [ "$LOST" = "$2" ]; then echo "no GPU" >&2; exit 9; fi
    case "$2" in
      memcheck) echo "========= Invalid __global__ read of size 2 bytes";;
      racecheck) echo "========= Error: Race reported between Write access at 0x10 in linear_f32 and Read access at 0x20 in linear_f32";;
      initcheck) echo "========= Uninitialized __global__ memory read of size 2 bytes";;
    esac
    exit 9;;
esac
if [ "$FINDS" = "$2" ]; then echo "========= Barrier error detected"; exit 9; fi
`;
const bin = mkdtempSync(join(tmpdir(), 'warpfold-sanitizer-'));
const judge = async (env: Readonly<Record<string, string>> = {}): Promise<readonly (readonly [string, string])[]> => {
  for (const [name, value] of Object.entries({ PATH: `${bin}${delimiter}${process.env['PATH']}`, ...env })) vi.stubEnv(name, value);
  return (await sanitizers(scriptOptions(['--quick', '--only', 'linear']))).map((v) => [v.name, v.kind]);
};
beforeAll(() => writeFileSync(join(bin, 'compute-sanitizer'), tool, { mode: 0o755 }));
afterEach(() => { vi.unstubAllEnvs(); });
afterAll(() => rmSync(bin, { recursive: true }));

describe('the sanitizers', () => {
  test('are believed once they have reported what was planted for them', async () => {
    expect(await judge()).toEqual([
      ...faulty.flatMap((name) => [[`compute-sanitizer ${name} reports a planted fault`, 'passed'], [`compute-sanitizer ${name}`, 'passed']]), ['compute-sanitizer synccheck', 'passed'],
    ]);
    const calls = readFileSync(join(bin, 'calls'), 'utf8').trimEnd().split('\n');
    expect(calls[0]).toMatch(/^--tool memcheck --error-exitcode 9 \S+ \S+faults\.js memcheck --device cuda$/);
    expect(calls[1]).toMatch(/^--tool memcheck --error-exitcode 9 \S+ \S+run\.js shipped --apart --quick --only linear --device cuda$/);
  });

  test.each(faulty)('%s that overlooks its fault, or fails otherwise, fails and judges no kernel', async (name) => {
    for (const env of [{ BLIND: name }, { LOST: name }] as const) {
      const made = await judge(env);
      expect(made.filter(([, kind]) => kind === 'failed')).toEqual([[`compute-sanitizer ${name} reports a planted fault`, 'failed']]);
      expect(made.map(([said]) => said)).not.toContain(`compute-sanitizer ${name}`);
    }
  });

  test('that find something in the kernels fail, and so does a machine without them', async () => {
    expect((await judge({ FINDS: 'synccheck' })).filter(([, kind]) => kind === 'failed')).toEqual([['compute-sanitizer synccheck', 'failed']]);
    vi.stubEnv('PATH', '/nowhere');
    const [first] = await sanitizers(scriptOptions([]));
    expect(first).toMatchObject({ kind: 'failed', why: expect.stringContaining('spawnSync compute-sanitizer ENOENT') });
  });

  test.each(['cpu', 'emulator'])('are skipped on %s', async (device) => {
    expect(await sanitizers(scriptOptions(['--device', device]))).toEqual([{ name: 'compute-sanitizer', kind: 'skipped', why: 'it watches a GPU' }]);
  });
});

describe('a planted fault is one', () => {
  test('the race, by the emulator', async () => {
    writePlanted();
    await buildEmulator({ manifest: racing.manifest, generated: plantedFolder, out: racing.kernelsDir });
    await expect(faults.racecheck('emulator')).rejects.toEqual(runtimeError('R018', /race/));
  }, 120_000);

  test('the overrun and the unwritten tensor, by the emulator on the shipped kernels', async () => {
    const { manifest } = await import('../../kernels-generated/manifest.js');
    const built = { manifest: { kernels: { widen: manifest.kernels.widen } }, generated: 'kernels-generated', out: 'build/kernels' };
    await buildEmulator(built);
    await expect(faults.memcheck('emulator')).rejects.toEqual(runtimeError('R018', /behind the end of `x` \(2000 bytes\)/));
    // What the emulator allocates is written at once: there the call is a call like any other.
    await expect(faults.initcheck('emulator')).resolves.toBeUndefined();
  }, 120_000);
});
