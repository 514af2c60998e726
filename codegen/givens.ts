import { createHash } from 'node:crypto';
import type { KernelDef } from '../dsl/definition.js';
import type { TargetName } from '../dsl/manifest.js';
import { printKernel } from '../dsl/print.js';
import type { Span } from '../dsl/span.js';
import type { Givens } from './fitting.js';
import { choiceText, type TableEntry } from './schedule/table.js';

/** An entry of a table, the kernel's file as kernels name it, and where the entry stands. */
export interface PlacedEntry { readonly entry: TableEntry; readonly source: string; readonly span: Span }

/** Which program a launch computes: changes with its operations, axes and dtypes, not with its place or its comments. */
export const graphHash = (def: KernelDef): string => createHash('sha256').update(printKernel(def)).digest('hex').slice(0, 8);

/** Schedules of tables as a compilation takes them. */
export interface Lookup {
  readonly given: Givens;
  /** Once a compilation is done: which entries of what it compiled served nothing, and why. */
  readonly unused: (compiled: { readonly files: readonly string[]; readonly targets: readonly TargetName[] }) => readonly string[];
}

/** An entry serves the launch of its name for its target as long as the launch computes what it was measured on. */
export function lookup(placed: readonly PlacedEntry[]): Lookup {
  const met = new Map<PlacedEntry, 'used' | 'changed'>();
  return {
    given: (launch, target) => {
      const found = placed.find(({ entry, source }) => entry.launch === launch.symbol && entry.target === target.name && source === launch.def.file);
      if (found === undefined) return undefined;
      const { entry, span } = found;
      const isSame = entry.graph === graphHash(launch.def);
      met.set(found, isSame ? 'used' : 'changed');
      return isSame ? { choice: entry.schedule, reason: reasonOf(entry, span), note: `Schedule tuned on ${entry.measured.device}.`, span } : undefined;
    },
    unused: ({ files, targets }) => placed.filter((p) => met.get(p) !== 'used' && files.includes(p.source) && targets.includes(p.entry.target)).map((p) => {
      const { kernel, launch, target } = p.entry;
      const why = met.get(p) === 'changed' ? `\`${kernel}\` has changed since \`${launch}\` was tuned for ${target}` : `${p.source} has no launch \`${launch}\` for ${target}`;
      return `${p.span.file}:${p.span.line}  ${why}; the entry is passed over: tune again, or remove it`;
    }),
  };
}

function reasonOf({ schedule, target, measured: { device, sizes, ms, modelMs } }: TableEntry, span: Span): string {
  const at = Object.entries(sizes).map(([axis, n]) => `${axis} ${n}`).join(', ');
  return `from the table ${span.file}:${span.line}: ${choiceText(schedule, target)}; measured on ${device} at ${at}: ${ms} ms, the model's ${modelMs} ms`;
}
