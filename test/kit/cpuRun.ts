import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileCpu, cpuFlags, headerTexts, installHeaders, type CpuIsa } from '../../codegen/build.js';

/** An argument of a launch: an array it may write, or one number as an array of length 1. */
export type CpuArg = Float32Array | Int32Array | Uint16Array | Uint8Array;
/** `byValue`: indices of the arguments that are numbers, the others are tensors. */
export interface CpuCall { readonly symbol: string; readonly args: readonly CpuArg[]; readonly byValue: readonly number[] }
/** A compiled kernel library. */
export interface CpuLibrary {
  readonly path: string;
  /** Runs the calls one after the other and returns their arguments as they are afterwards. Reading or writing past an array crashes the run. */
  readonly run: (calls: readonly CpuCall[], threads?: number) => readonly (readonly CpuArg[])[];
}

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, '..', '..', 'build', 'test', 'cpu');

/** Instruction sets that this processor can run, most capable first. */
export function runnableIsas(): readonly CpuIsa[] {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' '));
  const v3 = ['avx2', 'fma', 'f16c', 'bmi2'].every((f) => flags.has(f));
  const v4 = v3 && ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'].every((f) => flags.has(f));
  return [...(v4 ? ['x86-64-v4' as const] : []), ...(v3 ? ['x86-64-v3' as const] : []), 'x86-64-v2'];
}

/** Compiles generated C++ as the build does; the same text is compiled once. */
export async function cpuLibrary(text: string, isa: CpuIsa = runnableIsas()[0] ?? 'x86-64-v2'): Promise<CpuLibrary> {
  const include = installHeaders(folder);
  const stamp = hash([text, headerTexts(include), ...cpuFlags(isa)]);
  const path = join(folder, `${stamp}.so`);
  if (!existsSync(path)) {
    const source = join(folder, `${stamp}.cpp`);
    writeFileSync(source, text);
    await compileCpu(source, path, isa, include);
  }
  const driver = cpuDriver();
  return { path, run: (calls, threads = 2) => run(driver, path, calls, threads) };
}

const hash = (parts: readonly string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);

function cpuDriver(): string {
  const source = join(here, 'cpuDriver.cpp');
  const path = join(folder, `driver-${hash([readFileSync(source, 'utf8')])}`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const partial = `${path}.${process.pid}`;
    execFileSync('g++', ['-O1', '-std=c++17', source, '-o', partial, '-ldl']);
    renameSync(partial, path);
  }
  return path;
}

function run(driver: string, library: string, calls: readonly CpuCall[], threads: number): readonly (readonly CpuArg[])[] {
  const work = mkdtempSync(join(folder, 'run-'));
  try {
    writeFileSync(join(work, 'calls'), encoded(calls));
    execFileSync(driver, [library, join(work, 'calls'), join(work, 'results')], { env: { ...process.env, OMP_NUM_THREADS: String(threads) } });
    const results = readFileSync(join(work, 'results'));
    let at = 0;
    return calls.map((c) => c.args.map((a) => {
      const bytes = results.buffer.slice(results.byteOffset + at, results.byteOffset + at + a.byteLength);
      at += a.byteLength;
      return a instanceof Float32Array ? new Float32Array(bytes) : a instanceof Int32Array ? new Int32Array(bytes) : a instanceof Uint8Array ? new Uint8Array(bytes) : new Uint16Array(bytes);
    }));
  } finally {
    rmSync(work, { recursive: true });
  }
}

function encoded(calls: readonly CpuCall[]): Buffer {
  const number = (n: number): Buffer => Buffer.from(Int32Array.of(n).buffer);
  return Buffer.concat([
    number(calls.length),
    ...calls.flatMap((c) => [
      number(c.symbol.length), Buffer.from(c.symbol), number(c.args.length),
      ...c.args.flatMap((a, i) => [number(c.byValue.includes(i) ? 1 : 0), number(a.byteLength), Buffer.from(a.buffer, a.byteOffset, a.byteLength)]),
    ]),
  ]);
}
