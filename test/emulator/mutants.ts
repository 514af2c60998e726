import { uniform } from '../kit/values.js';

/** A text with one synchronisation taken away or weakened. */
export interface Mutant {
  /** The file's name, and the line that changed. */
  readonly file: string;
  readonly line: number;
  /** The call, and what stands in its place. */
  readonly from: string;
  readonly to: string;
  /** The launch that the call belongs to in a kernel's text, the function in a header. */
  readonly owner: string;
  /** Which of the owner's calls it is, from 0. */
  readonly index: number;
  readonly text: string;
}

const call = /\b(?:blockBarrier|warpBarrier|commitCopies)\(\);|\bwaitCopies<(.+?)>\(\);/g;

/** Every synchronisation of a kernel's text or of a header deleted, and every wait weakened by one group. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const sites = [...text.matchAll(call)].filter((m) => !inComment(text, m.index));
  const ownerOf = file.endsWith('.cu') ? launchOf : functionAround;
  return sites.flatMap((m, i): readonly Mutant[] => {
    const [from, groups] = m;
    const owner = ownerOf(text, m.index);
    const index = sites.slice(0, i).filter((s) => ownerOf(text, s.index) === owner).length;
    const made = (to: string): Mutant => ({ file, line: text.slice(0, m.index).split('\n').length, from, to, owner, index, text: text.slice(0, m.index) + to + text.slice(m.index + from.length) });
    return [made(';'), ...(groups === undefined ? [] : [made(`waitCopies<(${groups}) + 1>();`)])];
  });
}

const inComment = (text: string, at: number): boolean => /\/\/|^\s*\*/.test(text.slice(text.lastIndexOf('\n', at) + 1, at));

/** The launch around a place, else the next one: a block's function stands before the launch that calls it. */
function launchOf(text: string, at: number): string {
  const launches = [...text.matchAll(/^KERNEL\([^)]*\) (\w+)\(/gm)];
  const before = launches.findLast((m) => m.index < at);
  const isAround = before !== undefined && !/^}/m.test(text.slice(before.index, at)) && text.slice(before.index, at).split('\n', 1)[0]?.endsWith('}') === false;
  return (isAround ? before : launches.find((m) => m.index > at))?.[1] ?? '';
}
const functionAround = (text: string, at: number): string => [...text.slice(0, at).matchAll(/^(?:template .*)?DEVICE .*?(\w+)\(/gm)].at(-1)?.[1] ?? '';

/** The text with only these launches of it: the less there is, the sooner it is compiled. */
export const onlyLaunches = (text: string, symbols: readonly string[]): string =>
  text.replace(/^namespace (\w+)_block \{\n[\s\S]*?\n\} {2}\/\/ namespace \1_block\n\nKERNEL\([^)]*\) \1\([\s\S]*?\n\}\n/gm, (section, symbol: string) => (symbols.includes(symbol) ? section : ''));

/** What tells a mutant from all others, whatever lines stand above it. */
export const nameOf = (m: Mutant): string => `${m.file} ${m.owner} ${m.index}: ${m.from} → ${m.to === ';' ? 'deleted' : m.to}`;

/** Some mutants, which ones the seed decides. */
export const sampleOf = (mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] =>
  mutants.map((m, i) => [uniform(seed, i), m] as const).sort(([a], [b]) => a - b).slice(0, count).map(([, m]) => m);
