import type { NativeThread } from './addon.js';
import type { DeviceTrace, Span } from './device.js';

/** Begins a trace of a native thread. */
export function nativeTrace(thread: Pick<NativeThread, 'beginTrace' | 'endTrace'>): DeviceTrace {
  thread.beginTrace();
  // The clock of process.hrtime at the zero of performance.now().
  const zero = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  return { end: async () => spansOf(new TextDecoder().decode(await thread.endTrace()), zero) };
}

function spansOf(text: string, zero: number): readonly Span[] {
  // Written by tracer.cc.
  const { names, spans } = JSON.parse(text) as { readonly names: readonly string[]; readonly spans: readonly (readonly [lane: number, name: number, from: number, to: number])[] };
  return spans.map(([lane, name, from, to]) => ({ lane: laneName(lane), name: kernelName(names[name] ?? ''), from: from - zero, to: to - zero }));
}

const laneName = (lane: number): string => ['kernels', 'copies'][lane] ?? `files ${lane - 1}`;

/** What messages call `kernel 'name' (variant)`. */
const kernelName = (label: string): string => label.replace(/^kernel '([^']*)'/, '$1');
