import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Device, DeviceTrace, Span } from '../device.js';
import { spanChannel } from '../spans.js';
import { chromeTrace } from './chromeTrace.js';
import { summaryOf, type TraceSummary } from './summary.js';

/** A trace of one run: what the host and a device do from its beginning on. */
export interface Recorder extends Disposable {
  /** The device, as soon as there is one. */
  watch(device: Device): void;
  /** Ends it. `text` is what Perfetto opens. */
  end(): Promise<{ readonly text: string; readonly summary: TraceSummary | undefined }>;
}

/** Begins to record. Spans of all of this process are in it. */
export function recorder(): Recorder {
  const host: Span[] = [];
  // Nobody but spans.ts publishes there.
  const note = (span: unknown): void => { host.push(span as Span); };
  subscribe(spanChannel, note);
  let watched: { readonly device: Device; readonly trace: DeviceTrace } | undefined;
  const stop = (): void => { unsubscribe(spanChannel, note); };
  return {
    watch: (device) => { watched = { device, trace: device.trace() }; },
    end: async () => {
      stop();
      const spans = (await watched?.trace.end()) ?? [];
      return { text: chromeTrace([{ name: 'host', spans: host }, { name: watched?.device.description ?? 'no device', spans }]), summary: summaryOf(host, spans) };
    },
    [Symbol.dispose]: stop,
  };
}
