import type { NativeThread } from './addon.js';
import type { DeviceTrace, Span } from './device.js';

/** Begins a trace of a native thread. */
export function nativeTrace(thread: Pick<NativeThread, 'beginTrace' | 'endTrace'>): DeviceTrace {
  thread.beginTrace();
  const zero = clockOffset(() => performance.now(), () => Number(process.hrtime.bigint()) / 1e6);
  return { end: async () => spansOf(new TextDecoder().decode(await thread.endTrace()), zero) };
}

/**
 * How far one clock is ahead of another, in the milliseconds of both. A process may be set aside between any two readings,
 * so of several comparisons the one counts between whose readings the least time passed.
 */
export function clockOffset(clock: () => number, ahead: () => number): number {
  const comparisons = Array.from({ length: 16 }, () => {
    const before = clock(), other = ahead(), took = clock() - before;
    return { took, offset: other - before - took / 2 };
  });
  return comparisons.reduce((best, c) => (c.took < best.took ? c : best)).offset;
}

function spansOf(text: string, zero: number): readonly Span[] {
  // Written by tracer.cc.
  const { names, spans } = JSON.parse(text) as { readonly names: readonly string[]; readonly spans: readonly (readonly [lane: number, name: number, from: number, to: number])[] };
  return spans.map(([lane, name, from, to]) => ({ lane: laneName(lane), name: kernelName(names[name] ?? ''), from: from - zero, to: to - zero }));
}

const laneName = (lane: number): string => ['kernels', 'copies'][lane] ?? `files ${lane - 1}`;

/** What messages call `kernel 'name' (variant)`. */
const kernelName = (label: string): string => label.replace(/^kernel '([^']*)'/, '$1');
