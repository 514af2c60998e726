import type { Job } from './jobs.js';
import { measureFound, type SearchResult } from './search.js';
import { compilePieces, openPieces, type Piece } from './session.js';

/** What came of a search, or why nothing did. */
export type Outcome = { readonly kind: 'measured'; readonly result: SearchResult } | { readonly kind: 'failed'; readonly why: string };

/**
 * Measures searches one after the other while compilers work on those that follow. `each` is told of every one as it ends. Rejects with the
 * signal's reason when that is set off.
 */
export async function measureRound(jobs: readonly Job[], signal: AbortSignal, each: (job: Job, outcome: Outcome) => void): Promise<void> {
  const [first] = jobs;
  if (first === undefined) return;
  const ended = new AbortController();
  const pieces = [...new Map(jobs.flatMap(({ found }) => found.candidates.map(({ piece }) => [piece.name, piece] as const))).values()];
  const compiled = new Map(pieces.map((p) => [p.name, later()]));
  const compiling = compilePieces(pieces, first.search.on, AbortSignal.any([signal, ended.signal]), (piece, refusal) => compiled.get(piece.name)?.tell(refusal));
  try {
    for (const job of jobs) {
      const own = job.found.candidates.map((c) => c.piece);
      const told = Promise.all(own.map((p) => compiled.get(p.name)?.told));
      // Rejects where there is no compiler, and when the signal is set off; resolves when all are told of.
      await Promise.race([told, compiling]);
      each(job, await outcomeOf(job, own, await told));
    }
  } finally {
    ended.abort();
    await compiling.catch(() => {});
  }
}

async function outcomeOf({ search, found }: Job, pieces: readonly Piece[], refusals: readonly (string | undefined)[]): Promise<Outcome> {
  const failed = new Map(pieces.flatMap((p, i) => { const why = refusals[i]; return why === undefined ? [] : [[p.name, why] as const]; }));
  try {
    await using device = await openPieces(pieces, search.on);
    return { kind: 'measured', result: await measureFound(search, { device, failed }, found) };
  } catch (error) {
    search.signal.throwIfAborted();
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}

interface Later { readonly told: Promise<string | undefined>; readonly tell: (refusal: string | undefined) => void }

function later(): Later {
  let tell: Later['tell'] = () => {};
  const told = new Promise<string | undefined>((resolve) => { tell = resolve; });
  return { told, tell };
}
