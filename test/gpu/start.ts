// How long a fresh process takes to its first result, and whether new shapes compile anything. The parent starts the measured
// process: `node build/ts/test/gpu/start.js --device cuda`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { uniform } from '../kit/values.js';
import { type ScriptOptions, scriptOptions } from './options.js';
import { checked, type Verdict } from './report.js';

/** Milliseconds of a fresh process after Node itself has started. `driver`: what another fresh process that only opens the driver's context takes; 0 on a processor. */
export interface Start { readonly importing: number; readonly opening: number; readonly firstLaunch: number; readonly driver: number; readonly shapes: number; readonly compilations: number }

/**
 * Starts a process of its own, whose driver has an empty cache: what it compiles at run time can be counted. `env`: what the
 * process's environment has besides ours.
 */
export function measureStart({ device, quick, python }: Pick<ScriptOptions, 'device' | 'quick' | 'python'>, env: Readonly<Record<string, string>> = {}): Start {
  // First, so that ours does not read the driver's files from the disk either.
  const driver = device === 'cuda' ? driverAlone(python) : 0;
  const cache = mkdtempSync(join(tmpdir(), 'warpfold-'));
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'measured', '--device', device, ...(quick ? ['--quick'] : [])], { encoding: 'utf8', env: { ...process.env, CUDA_CACHE_PATH: cache, CUDA_CACHE_DISABLE: '0', ...env } });
    if (status !== 0) throw new Error(`the measured process failed: ${stderr.trim()}`);
    // What `measured` below prints.
    return { ...(JSON.parse(stdout) as Omit<Start, 'compilations' | 'driver'>), driver, compilations: readdirSync(cache, { recursive: true, withFileTypes: true }).filter((e) => e.isFile() && e.name !== 'index').length };
  } finally {
    rmSync(cache, { recursive: true });
  }
}

/** The library, its initialisation and the first device's context, without any of ours. */
const openDriver = `
import ctypes, time
began = time.perf_counter()
cuda = ctypes.CDLL('libcuda.so.1')
context = ctypes.c_void_p()
codes = [cuda.cuInit(0), cuda.cuDevicePrimaryCtxRetain(ctypes.byref(context), 0)]
print(1000 * (time.perf_counter() - began) if codes == [0, 0] else codes)`;

function driverAlone(python: string): number {
  const times = Array.from({ length: 3 }, () => {
    const { stdout, stderr, error } = spawnSync(python, ['-c', openDriver], { encoding: 'utf8' });
    const time = Number(stdout?.trim() || Number.NaN);
    if (Number.isNaN(time)) throw new Error(`the driver alone could not be timed: ${error?.message ?? `${stdout}${stderr}`.trim()}`);
    return time;
  });
  return [...times].sort((a, b) => a - b)[1] ?? Number.NaN;
}

/** What a first call takes beside the driver's own opening. */
export const ownStart = (s: Start): number => s.importing + Math.max(0, s.opening - s.driver) + s.firstLaunch;

/** Milliseconds that a cold process may spend on its first call, what the driver takes to open a context not counted. */
const allowedStart = 50;

/** The start as verdicts: no shape may compile anything, and little may be spent beside the driver. The times are printed. */
export async function start(options: ScriptOptions, log: (line: string) => void): Promise<readonly Verdict[]> {
  const s = measureStart(options);
  log(`cold start on ${options.device}: import ${s.importing.toFixed(0)} ms, open ${s.opening.toFixed(0)} ms, first launch ${s.firstLaunch.toFixed(0)} ms; the driver alone opens in ${s.driver.toFixed(0)} ms; ${s.compilations} compilations over ${s.shapes} shapes`);
  const nothing = checked(`${s.shapes} shapes compile nothing`, s.compilations === 0, `${s.compilations} compilations`);
  if (options.device === 'cpu') return [nothing];
  // The count must be able to see a compilation: the driver is made to ignore all machine code.
  const forced = measureStart({ ...options, quick: true }, { CUDA_FORCE_PTX_JIT: '1' });
  const early = checked(`a cold first call within ${allowedStart} ms beside the driver's opening`, ownStart(s) <= allowedStart, `${ownStart(s).toFixed(0)} ms`);
  return [nothing, early, checked('a compilation at run time is counted', forced.compilations > 0, 'none was, when the driver had to compile')];
}

async function measured({ device: kind, quick }: ScriptOptions): Promise<Omit<Start, 'compilations' | 'driver'>> {
  const began = performance.now();
  const { openCpuDevice, openCudaDevice } = await import('../../runtime/index.js');
  const imported = performance.now();
  await using device = kind === 'cuda' ? openCudaDevice() : openCpuDevice();
  const opened = performance.now();
  const product = async (q: number, e: number, f: number): Promise<void> => {
    using x = device.alloc('bf16', [q, e]);
    using w = device.alloc('bf16', [f, e]);
    using out = device.alloc('bf16', [q, f]);
    for (const t of [x, w]) device.write(t, new Uint8Array(t.byteLength));
    device.launch('linear', { x, w }, { out });
    await device.sync();
  };
  await product(16, 64, 64);
  const launched = performance.now();
  const shapes = quick ? 20 : 200;
  for (let i = 0; i < shapes; i++) await product(1 + Math.floor(uniform(1, i) * 700), 1 + Math.floor(uniform(2, i) * 300), 1 + Math.floor(uniform(3, i) * 300));
  return { importing: imported - began, opening: opened - imported, firstLaunch: launched - opened, shapes };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = scriptOptions();
  if (options.names.includes('measured')) process.stdout.write(JSON.stringify(await measured(options)));
  else console.log(measureStart(options));
}
