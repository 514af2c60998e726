import type { Span } from '../device.js';

/** What a process of the picture shows: the host, or the device. */
export interface Process { readonly name: string; readonly spans: readonly Span[] }

type TraceEvent =
  | { readonly ph: 'M'; readonly name: 'process_name' | 'thread_name' | 'thread_sort_index'; readonly pid: number; readonly tid: number; readonly args: { readonly name: string } | { readonly sort_index: number } }
  | { readonly ph: 'X'; readonly name: string; readonly cat: string; readonly pid: number; readonly tid: number; readonly ts: number; readonly dur: number };

/** The text of a trace as Perfetto (ui.perfetto.dev) and chrome://tracing open it: a process each, a thread for each lane, times from the first span on. */
export function chromeTrace(processes: readonly Process[]): string {
  const zero = processes.reduce((least, { spans }) => spans.reduce((n, s) => Math.min(n, s.from), least), Number.POSITIVE_INFINITY);
  const events = processes.flatMap(({ name, spans }, i) => eventsOf(i + 1, name, spans, zero));
  return `{"displayTimeUnit":"ms","traceEvents":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;
}

function eventsOf(pid: number, process: string, spans: readonly Span[], zero: number): readonly TraceEvent[] {
  const lanes = [...new Set(spans.map((s) => s.lane))];
  // Microseconds, with three digits behind the point: viewers read no more.
  const micro = (ms: number): number => Math.round(ms * 1e6) / 1e3;
  return [
    { ph: 'M', name: 'process_name', pid, tid: 0, args: { name: process } },
    ...lanes.flatMap((lane, i): readonly TraceEvent[] => [
      { ph: 'M', name: 'thread_name', pid, tid: i + 1, args: { name: lane } }, { ph: 'M', name: 'thread_sort_index', pid, tid: i + 1, args: { sort_index: i } },
    ]),
    ...spans.map(({ lane, name, from, to }): TraceEvent => ({ ph: 'X', name, cat: lane, pid, tid: lanes.indexOf(lane) + 1, ts: micro(from - zero), dur: Math.max(0, micro(to - from)) })),
  ];
}
