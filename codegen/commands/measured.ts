import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { TargetName } from '../../dsl/manifest.js';
import type { Measured } from '../page/roofline.js';
import { CommandError } from './failure.js';

const row = z.object({
  kernel: z.string(), variant: z.string(), sizes: z.record(z.string(), z.number()),
  seconds: z.object({ median: z.number(), p10: z.number(), p90: z.number() }),
  work: z.object({ halves: z.number(), products: z.number(), elements: z.number(), bytes: z.number() }),
  bound: z.object({ kind: z.string(), seconds: z.number() }),
});
const report = z.object({
  version: z.literal(1), date: z.string(), device: z.string(), rates: z.object({ whole: z.number(), halves: z.number(), memory: z.number() }), rows: z.array(row),
});

/** What one run of `warpfold bench --json` measured of a variant on a target. */
export type FindMeasured = (kernel: string, variant: string, target: TargetName) => Measured | undefined;

/** The measurements of a report as pages show them. Throws CommandError for a file that is none, or that has nothing of `kernels`. */
export function readMeasured(path: string, kernels: readonly string[]): FindMeasured {
  const parsed = report.safeParse(json(path));
  if (!parsed.success) throw new CommandError(`--bench ${path} is no report of \`warpfold bench --json\`: ${parsed.error.issues[0]?.path.join('.') || 'the file'}: ${parsed.error.issues[0]?.message ?? ''}`);
  const { device, date, rates, rows } = parsed.data;
  if (!rows.some((r) => kernels.includes(r.kernel))) throw new CommandError(`--bench ${path} has measurements of ${[...new Set(rows.map((r) => r.kernel))].join(', ') || 'nothing'}, not of ${kernels.join(', ')}`);
  // A processor multiplies 16-bit numbers as it does others, so its report has one rate for both.
  const isProcessor = rates.halves === rates.whole;
  return (kernel, variant, target) => {
    const own = rows.filter((r) => r.kernel === kernel && r.variant === variant);
    return own.length > 0 && isProcessor === (target === 'cpu') ? { device, date, rates, rows: own } : undefined;
  };
}

function json(path: string): unknown {
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`--bench ${path} is no JSON; \`warpfold bench FILE --json ${path}\` writes what is needed`);
  }
}
