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
  /** Where in the original the call begins. */
  readonly at: number;
  readonly text: string;
}

/** A kind of synchronisation: how it is called, and what weaker calls there are; the pattern's groups are what they are made of. */
interface Kind { readonly call: RegExp; readonly weaker?: (...groups: readonly string[]) => readonly string[] }

const kinds: readonly Kind[] = [
  { call: /\b(?:awaitLaunches|blockBarrier|warpBarrier|commitCopies|fenceBarriers|fenceAsync|fenceProducts|commitProducts|commitStores)\(\);/ },
  { call: /\bgiveRegisters<\d+>\(\);/ },
  { call: /\b(waitCopies|awaitProducts|awaitStoresRead)<(.+?)>\(\);/, weaker: (wait, groups) => [`${wait}<(${groups}) + 1>();`] },
  { call: /\bsettle<(.+?)>\((.*?)\);/, weaker: (groups, finished) => [`settle<(${groups}) + 1>(${finished});`] },
  { call: /\b(?:\w+(?:\(\))?\.)+(?:claim|receive|release|releaseBehind)\(\);/ },
  { call: /\b(?:awaitPhase|arriveAt)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\);/ },
  { call: /\b(initBarrier)\(((?:[^(),]|\([^()]*\))*), ((?:[^(),]|\([^()]*\))*)\);/, weaker: (init, barrier, count) => [-1, 1].map((by) => `${init}(${barrier}, (${count}) + (${by}));`) },
  { call: /\b(arriveExpecting)\(((?:[^(),]|\([^()]*\))*), ((?:[^(),]|\([^()]*\))*)\);/, weaker: (arrive, barrier, bytes) => [-16, 16].map((by) => `${arrive}(${barrier}, (${bytes}) + (${by}));`) },
  { call: /\b(namedBarrier|arriveNamed)\(((?:[^(),]|\([^()]*\))*), ((?:[^(),]|\([^()]*\))*)\);/, weaker: (meet, number, threads) => [-32, 32].map((by) => `${meet}(${number}, (${threads}) + (${by}));`) },
];

/** Every synchronisation of a kernel's text or of a header deleted, and every count of one changed to its neighbours that ask for less, or too much. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const found = kinds.flatMap(({ call, weaker }) => [...text.matchAll(new RegExp(call, 'g'))].map((m) => ({ at: m.index, from: m[0], weaker: weaker?.(...m.slice(1)) ?? [] })));
  const sites = found.filter((s) => !inComment(text, s.at) && !isDefinition(text, s.at)).sort((a, b) => a.at - b.at);
  const ownerOf = file.endsWith('.cu') ? launchOf : functionAround;
  return sites.flatMap(({ at, from, weaker }, i): readonly Mutant[] => {
    const owner = ownerOf(text, at);
    const index = sites.slice(0, i).filter((s) => ownerOf(text, s.at) === owner).length;
    const made = (to: string): Mutant => ({ file, line: text.slice(0, at).split('\n').length, from, to, owner, index, at, text: text.slice(0, at) + to + text.slice(at + from.length) });
    return [';', ...weaker].map(made);
  });
}

/** The number that a text of `withChoices` takes its mutant from: whoever links it defines it. */
export const chosen = 'chosenMutant';

/** The text with all of its mutants in it: `chosen` says while it runs which one it is, by the number of each; the original where it is none of them. */
export function withChoices(text: string, mutants: readonly (readonly [number: number, mutant: Mutant])[]): string {
  const places = [...new Set(mutants.map(([, m]) => m.at))].sort((a, b) => b - a);
  const changed = places.reduce((out, at) => {
    const own = mutants.filter(([, m]) => m.at === at);
    const from = own[0]?.[1].from ?? '';
    const choices = own.map(([number, { to }]) => `if (${chosen} == ${number}) { ${to === ';' ? '' : to} } else `).join('');
    return `${out.slice(0, at)}{ ${choices}${from} }${out.slice(at + from.length)}`;
  }, text);
  // In its first line: reports name lines.
  return `extern "C" const int ${chosen}; ${changed}`;
}

const inComment = (text: string, at: number): boolean => /\/\/|^\s*\*/.test(text.slice(text.lastIndexOf('\n', at) + 1, at));

/** Whether what stands there declares a function of that name. */
export const isDefinition = (text: string, at: number): boolean => /DEVICE [^(]*$/.test(text.slice(text.lastIndexOf('\n', at) + 1, at));

/** The launch around a place, else the next one: a block's function stands before the launch that calls it. */
function launchOf(text: string, at: number): string {
  const launches = [...text.matchAll(/^KERNEL\([^)]*\) (\w+)\(/gm)];
  const before = launches.findLast((m) => m.index < at);
  const isAround = before !== undefined && !/^}/m.test(text.slice(before.index, at)) && text.slice(before.index, at).split('\n', 1)[0]?.endsWith('}') === false;
  return (isAround ? before : launches.find((m) => m.index > at))?.[1] ?? '';
}
/** The function of a header around a place; empty where there is none. */
export const functionAround = (text: string, at: number): string => [...text.slice(0, at).matchAll(/^ *(?:template .*)?DEVICE .*?(\w+)\(/gm)].at(-1)?.[1] ?? '';

/** The text with only these launches of it: the less there is, the sooner it is compiled. */
export const onlyLaunches = (text: string, symbols: readonly string[]): string =>
  text.replace(/^namespace (\w+)_block \{\n[\s\S]*?\n\} {2}\/\/ namespace \1_block\n\nKERNEL\([^)]*\) \1\([\s\S]*?\n\}\n/gm, (section, symbol: string) => (symbols.includes(symbol) ? section : ''));

/** What tells a mutant from all others, whatever lines stand above it. */
export const nameOf = (m: Mutant): string => `${m.file} ${m.owner} ${m.index}: ${m.from} → ${m.to === ';' ? 'deleted' : m.to}`;

/** Some mutants, which ones the seed decides. */
export const sampleOf = (mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] =>
  mutants.map((m, i) => [uniform(seed, i), m] as const).sort(([a], [b]) => a - b).slice(0, count).map(([, m]) => m);
