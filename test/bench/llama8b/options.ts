import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Overlap } from '../../../runtime/cuda.js';
import { type DeviceKind, scriptOptions } from '../../gpu/options.js';

/** What the scripts of this folder take. */
export interface EightBOptions {
  readonly device: DeviceKind;
  /** The same architecture, small, and few short runs: whether the script itself works. */
  readonly quick: boolean;
  /** What runs beside a launch, as the other GPU scripts have it. */
  readonly overlap: Overlap | undefined;
  /** The model's folder. */
  readonly model: string;
  readonly layers: number;
  /** Where results are written; nowhere unless said. */
  readonly out: string | undefined;
  readonly python: string;
  /** Lengths of documents in tokens. */
  readonly lengths: readonly number[];
  /** Sections that were named. */
  readonly names: readonly string[];
}

/** Reads a script's arguments; an unknown one throws. Those that `--model`, `--layers` and `--lengths` do not name are the other GPU scripts' own. */
export function eightBOptions(args: readonly string[] = process.argv.slice(2)): EightBOptions {
  const { values, tokens } = parseArgs({
    args: [...args], strict: false, tokens: true, allowPositionals: true,
    options: { model: { type: 'string' }, layers: { type: 'string' }, lengths: { type: 'string' } },
  });
  const own = new Set(tokens.flatMap((t) => (t.kind === 'option' && ['model', 'layers', 'lengths'].includes(t.name) ? [t.index, ...(t.inlineValue === true ? [] : [t.index + 1])] : [])));
  const { device, quick, overlap, out, python, names } = scriptOptions(args.filter((_, i) => !own.has(i)));
  const text = (value: string | boolean | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    device, quick, overlap, out, python, names,
    model: text(values.model) ?? join(tmpdir(), quick ? 'warpfold-llama8b-quick' : 'warpfold-llama8b'),
    layers: whole('layers', text(values.layers) ?? (quick ? '4' : '32')),
    lengths: (text(values.lengths) ?? (quick ? '2000,4000' : '8192,32768,131072,524288,1048576')).split(',').map((n) => whole('lengths', n)),
  };
}

function whole(option: string, given: string): number {
  const value = Number(given);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${option} ${given}: write whole numbers from 1`);
  return value;
}
