import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CommandError } from '../failure.js';

const spread = z.object({ median: z.number(), p10: z.number(), p90: z.number(), mad: z.number(), samples: z.number() });
const row = z.object({
  kernel: z.string(), variant: z.string(), sizes: z.record(z.string(), z.number()), seconds: spread,
  work: z.object({ halves: z.number(), products: z.number(), elements: z.number(), bytes: z.number() }),
  bound: z.object({ kind: z.enum(['memory', 'f32 arithmetic', '16-bit products']), seconds: z.number() }),
});
const report = z.object({
  version: z.literal(1), date: z.string(), device: z.string(), rates: z.object({ whole: z.number(), halves: z.number(), memory: z.number() }), rows: z.array(row),
});

/** One variant as it was measured: seconds of a call, its work, and the least time that its device could take. */
export type BenchRow = z.infer<typeof row>;
/** What one run of `warpfold bench` has measured, as `--json` writes it and `--baseline` reads it. `rates`: the device's best in the same run, per second. */
export type BenchReport = z.infer<typeof report>;

/** A report written by `--json`. Throws CommandError for any other file. */
export function readReport(path: string): BenchReport {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandError(`--baseline ${path}: it is no JSON; \`warpfold bench FILE --json ${path}\` writes one`);
    throw error;
  }
  const parsed = report.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandError(`--baseline ${path}: it is no report of \`warpfold bench --json\`: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? ''}`);
}

export const reportText = (r: BenchReport): string => `${JSON.stringify(r, undefined, 1)}\n`;
