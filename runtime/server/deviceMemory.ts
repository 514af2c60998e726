import { dtypeBytes } from '../../dsl/dtype.js';
import type { Model } from '../model.js';

/** Characters whose tokens are counted to guess how many a document has. */
const sampled = 4096;
/** What a guess may be short by. */
const slack = 1.1;

/** About how many bytes K and V of texts take on the device, from a sample of their tokens: a book is not encoded for it. */
export function bytesOf({ config, kvDtype, tokenizer }: Pick<Model, 'config' | 'kvDtype' | 'tokenizer'>, texts: readonly string[]): number {
  const characters = texts.reduce((n, text) => n + text.length, 0);
  const sample = texts.find((text) => text.length > sampled)?.slice(0, sampled) ?? texts.join('\n').slice(0, sampled);
  const tokens = characters * (tokenizer.encode(sample).length / Math.max(1, sample.length));
  return Math.ceil(slack * tokens * 2 * config.numLayers * config.numKvHeads * config.headDim * dtypeBytes[kvDtype]);
}

/** How much of a device's memory documents may hold where nobody says: a processor's belongs to other programs as well. */
const share: Readonly<Record<Model['device']['kind'], number>> = { cuda: 0.5, cpu: 0.25, reference: 0.25, emulator: 0.25 };

/** Bytes that documents may hold together unless the server was told: a share of what the budget, or else the device, leaves beside the weights. */
export function usualDocumentMemory({ device }: Pick<Model, 'device'>, budget: number | undefined): number {
  const { capacityBytes = 2 ** 32, allocatedBytes } = device.stats();
  return Math.max(0, Math.floor(share[device.kind] * ((budget ?? capacityBytes) - allocatedBytes)));
}

/** What a document may take that is read beside those that are kept; undefined leaves it to the runtime. */
export function budgetBeside({ device }: Pick<Model, 'device'>, budget: number | undefined, keptBytes: number): number | undefined {
  if (keptBytes === 0) return budget;
  const { capacityBytes } = device.stats();
  const whole = budget ?? (capacityBytes === undefined ? undefined : device.kind === 'cuda' ? capacityBytes : capacityBytes / 2);
  return whole === undefined ? undefined : Math.max(0, whole - keptBytes);
}
