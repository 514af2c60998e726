import { channel } from 'node:diagnostics_channel';
import type { Span } from './device.js';

/** Where the host's part of the work is told of, a {@link Span} each, to whoever subscribes to this diagnostics channel. Nothing is done where nobody does. */
export const spanChannel = 'warpfold.span';

const spans = channel(spanChannel);

/** The span in which a prompt is read, from its text to the scores of the first token. */
export const readingSpan = { lane: 'requests', name: 'read' } as const;

/** Does `work` as a span of the host. */
export function spanned<T>(lane: string, name: string, work: () => T): T {
  if (!spans.hasSubscribers) return work();
  const from = performance.now();
  try {
    return work();
  } finally {
    told({ lane, name, from, to: performance.now() });
  }
}

/** {@link spanned} for work that is waited for. */
export async function spannedAsync<T>(lane: string, name: string, work: () => Promise<T>): Promise<T> {
  if (!spans.hasSubscribers) return await work();
  const from = performance.now();
  try {
    return await work();
  } finally {
    told({ lane, name, from, to: performance.now() });
  }
}

const told = (span: Span): void => spans.publish(span);
