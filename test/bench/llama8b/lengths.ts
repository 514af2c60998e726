import type { EightBOptions } from './options.js';
import { askOurs, settingsOf } from './ours.js';
import type { AskRow } from './report.js';

/** Plain attention over everything takes time that grows with the square of the length: beyond this it is left out. */
const longestDense = 131_072;

/** Ours over all lengths, by the method and, as far as that goes, densely; `log` is told of each row as it comes. */
export async function lengths(options: EightBOptions, log: (row: AskRow) => void): Promise<void> {
  const readers = options.lengths.flatMap((tokens) => (['ours', 'ours, dense'] as const).filter((reader) => reader === 'ours' || tokens <= longestDense).map((reader) => ({ tokens, reader })));
  for (const { tokens, reader } of readers) log(await askOurs(options.model, options, settingsOf(options.quick), tokens, reader));
}
