import type { DoneEvent } from '../events.js';
import type { WireUsage } from './wire.js';

/** A request that has ended. */
export interface RequestLog {
  readonly verb: string;
  readonly path: string;
  readonly status: number;
  readonly seconds: number;
  readonly usage: WireUsage | undefined;
  readonly method: DoneEvent['method'] | undefined;
  /** What it failed with, if it failed. */
  readonly error: unknown;
}

/** A request as one line; a failure of ours brings its stack. */
export function logLine({ verb, path, status, seconds, usage, method, error }: RequestLog): string {
  const tokens = usage === undefined ? '' : `  ${usage.prompt_tokens} tokens read (${usage.prompt_tokens_details.cached_tokens} cached), ${usage.completion_tokens} written, ${method}`;
  const why = error === undefined ? '' : `  ${status === 500 && error instanceof Error ? error.stack : messageOf(error)}`;
  return `${verb} ${path} ${status} ${seconds.toFixed(2)} s${tokens}${why}`;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
