import type { ModelConfig } from './model/config.js';
import { RuntimeError } from './error.js';

/** How many tokens of a prompt fit the window beside the answer. Throws R402 where fewer than two do. */
export function promptRoom({ window }: Pick<ModelConfig, 'window'>, maxTokens: number): number {
  const room = window - maxTokens;
  if (room < 2) throw new RuntimeError('R402', `${maxTokens} tokens of answer fill the window of ${window}`, { remedy: 'lower maxTokens' });
  return room;
}

/** The first and the last half of a prompt that is longer than `room`, as LongBench truncates: the middle is left out. */
export function truncated(ids: readonly number[], room: number): readonly number[] {
  if (ids.length <= room) return ids;
  const half = Math.floor(room / 2);
  return [...ids.slice(0, half), ...ids.slice(ids.length - half)];
}

/** Tokens that attention gathers on whatever stands there, and that StreamingLLM therefore keeps. */
export const sinks = 4;

/** The first tokens and the most recent ones of a prompt that is longer than `room`. */
export function sinksAndRecent(ids: readonly number[], room: number): readonly number[] {
  if (ids.length <= room) return ids;
  const first = Math.min(sinks, room - 1);
  return [...ids.slice(0, first), ...ids.slice(ids.length - (room - first))];
}
