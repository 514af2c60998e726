import { getFloat16, setFloat16 } from '@petamoriken/float16';
import type { DType } from '../../dsl/dtype.js';
import { f8e4m3Byte, f8e4m3Value } from '../../dsl/f8e4m3.js';
import type { TileKernel } from '../../codegen/tile/ir.js';
import type { CpuArg, CpuCall, CpuLibrary } from './cpuRun.js';
import { runTile, type Lengths, type Memory } from './tileInterpreter.js';

/** One launch on memory given in float64. */
export interface CpuCase { readonly kernel: TileKernel; readonly memory: Memory; readonly lengths: Lengths }

/** What a case's compiled launch leaves in its results, and what the tile program means in float64. */
export interface Agreement { readonly actual: Memory; readonly expected: Memory }

/** Runs all cases in one process, compiled and in float64. */
export function agreements(library: CpuLibrary, cases: readonly CpuCase[]): readonly Agreement[] {
  return resultsOf(library, cases).map((actual, i) => {
    const c = cases[i];
    if (!c) return { actual, expected: {} };
    const memory = withResults(c);
    runTile(c.kernel, memory, c.lengths);
    return { actual, expected: Object.fromEntries(Object.keys(actual).map((name) => [name, memory[name] ?? new Float64Array()])) };
  });
}

/** The results of all cases, run in one process. They start as NaN (integers as −77), so that what nobody wrote is seen. */
export function resultsOf(library: CpuLibrary, cases: readonly CpuCase[], threads?: number): readonly Memory[] {
  const after = library.run(cases.map((c) => callOf({ ...c, memory: withResults(c) })), threads);
  return cases.map((c, i) => Object.fromEntries(c.kernel.args.flatMap((a, j) => {
    const p = c.kernel.params.find((x) => 'name' in a && x.name === a.name);
    const made = after[i]?.[j];
    return p && made && p.role !== 'param' ? [[p.name, decoded(made, p.dtype)] as const] : [];
  })));
}

function withResults({ kernel, memory, lengths }: CpuCase): Memory {
  const made = kernel.params.filter((p) => p.role !== 'param').map((p) => {
    const elements = p.order.reduce((n, axis, i) => {
      const rule = kernel.sizes[axis];
      const next = kernel.sizes[p.order[i + 1] ?? ''];
      if (next?.kind === 'ragged' && next.by === axis) return n;
      const packed = rule?.kind === 'ragged' && p.order[i - 1] === rule.by;
      return n * (packed ? (lengths.offsets?.[axis]?.at(-1) ?? 0) : rule?.kind === 'fixed' ? rule.size : (lengths.sizes[axis] ?? 0));
    }, 1);
    return [p.name, new Float64Array(elements).fill(p.dtype === 'i32' ? -77 : NaN)] as const;
  });
  return { ...memory, ...Object.fromEntries(made) };
}

function callOf({ kernel, memory, lengths }: CpuCase): CpuCall {
  const args = kernel.args.map((a): CpuArg => {
    switch (a.kind) {
      case 'offsets': return Int32Array.from(lengths.offsets?.[a.axis] ?? []);
      case 'size': return Int32Array.of(lengths.sizes[a.axis] ?? 0);
      case 'param': case 'result': case 'scratch': {
        const p = kernel.params.find((x) => x.name === a.name);
        return encoded(memory[a.name] ?? new Float64Array(), p?.dtype ?? 'f32');
      }
      case 'map': throw new Error(`launch '${kernel.name}' for the processor takes a tensor map`);
      default: return a satisfies never;
    }
  });
  const byValue = kernel.args.flatMap((a, i) => (a.kind === 'size' || kernel.params.some((p) => 'name' in a && p.name === a.name && p.role === 'param' && p.order.length === 0) ? [i] : []));
  return { symbol: kernel.name, args, byValue };
}

function encoded(data: Float64Array, dtype: DType): CpuArg {
  switch (dtype) {
    case 'f32': return Float32Array.from(data);
    case 'i32': return Int32Array.from(data);
    case 'bf16': return new Uint16Array(Uint32Array.from(new Uint32Array(Float32Array.from(data).buffer), (b) => b >>> 16));
    case 'f16': {
      const view = new DataView(new ArrayBuffer(data.length * 2));
      data.forEach((x, i) => setFloat16(view, 2 * i, x, true));
      return new Uint16Array(view.buffer);
    }
    case 'f8e4m3': return Uint8Array.from(data, f8e4m3Byte);
    default: return dtype satisfies never;
  }
}

function decoded(data: CpuArg, dtype: DType): Float64Array {
  switch (dtype) {
    case 'f32': case 'i32': return Float64Array.from(data);
    case 'bf16': return Float64Array.from(new Float32Array(Uint32Array.from(data, (b) => b << 16).buffer));
    case 'f16': {
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
      return Float64Array.from({ length: data.length }, (_, i) => getFloat16(view, 2 * i, true));
    }
    case 'f8e4m3': return Float64Array.from(data, f8e4m3Value);
    default: return dtype satisfies never;
  }
}
