import { RuntimeError } from '../error.js';
import { paperMix } from '../parallelComp/calibration.js';
import { complete, type GivenOptions } from '../parallelComp/options.js';
import type { ReadMethod } from '../request.js';

/** A way to read a prompt. `id`: as it was asked for, and as results name it; `title`: for readers. */
export interface EvalMethod { readonly id: string; readonly title: string; readonly method: ReadMethod; readonly parallelComp: GivenOptions }

/** What methods depend on besides their text: the model's depth and window, and the options its template gives. */
export interface MethodContext { readonly numLayers: number; readonly window: number; readonly parallelComp: GivenOptions }

/** The methods that are set side by side unless others are named. */
export const usualMethods = 'full,truncated,streaming,parallelcomp,parallelcomp+evict,parallelcomp+evict+calibrate';

type MethodName = 'full' | 'truncated' | 'streaming' | 'parallelcomp';
const names: Readonly<Record<MethodName, string>> = {
  full: 'Plain attention', truncated: 'Truncated to the window', streaming: 'Sinks + recent (StreamingLLM)', parallelcomp: 'ParallelComp',
};

const extras = ['evict', 'calibrate'] as const;
type Extra = (typeof extras)[number];

const optionKinds = {
  keepChunks: 'number', capacity: 'number', observationRows: 'number', pool: 'number', threshold: 'number', edge: 'number', chunkTokens: 'number',
  group: 'name', chunkCut: 'name', queryBos: 'boolean',
} as const satisfies Partial<Record<keyof GivenOptions, string>>;
type OptionName = keyof typeof optionKinds;

/**
 * Methods from a list as in `full,parallelcomp:keepChunks=2,capacity=450,parallelcomp+evict`: names with `+evict` and
 * `+calibrate` behind ParallelComp's, and its options behind a colon. Throws R604, R403.
 */
export function parseMethods(text: string, context: MethodContext): readonly EvalMethod[] {
  const pieces: string[] = [];
  for (const piece of text.split(',').map((p) => p.trim())) {
    // `capacity=450` belongs to the method before it.
    if (/^\w+=/.test(piece) && pieces.length > 0) pieces.push(`${pieces.pop()!},${piece}`);
    else if (piece !== '') pieces.push(piece);
  }
  const methods = pieces.map((piece) => parseMethod(piece, context));
  const twice = methods.find((m, i) => methods.findIndex((other) => other.id === m.id) !== i);
  if (twice !== undefined) throw new RuntimeError('R604', `the method '${twice.id}' is named twice`, { remedy: 'name every method once' });
  if (methods.length === 0) throw new RuntimeError('R604', 'no method is named', { remedy: `name some of ${usualMethods}` });
  return methods;
}

function parseMethod(id: string, context: MethodContext): EvalMethod {
  const [head = '', given = ''] = id.split(/:(.*)/s);
  const [name = '', ...more] = head.split('+');
  if (!isName(name)) throw new RuntimeError('R604', `there is no method '${name}'`, { where: id, remedy: `name some of ${usualMethods}` });
  const options = given === '' ? [] : given.split(',').map((option) => parseOption(option, id));
  if (name !== 'parallelcomp' && (more.length > 0 || options.length > 0)) {
    throw new RuntimeError('R604', `'${name}' has no options`, { where: id, remedy: `write ${name}` });
  }
  const unknown = more.find((extra) => !isExtra(extra));
  if (unknown !== undefined) throw new RuntimeError('R604', `ParallelComp has no '+${unknown}'`, { where: id, remedy: `write ${extras.map((e) => `+${e}`).join(' or ')}` });
  const parallelComp = name === 'parallelcomp' ? optionsOf(more.filter(isExtra), Object.fromEntries(options), context) : {};
  complete(parallelComp);
  return { id, title: titleOf(names[name], more.filter(isExtra), options), method: name, parallelComp };
}

/** Tokens are evicted only where `+evict` or a capacity says so: the template's capacity is that of `+evict`. */
function optionsOf(more: readonly Extra[], given: GivenOptions, { numLayers, window, parallelComp }: MethodContext): GivenOptions {
  const { capacity = Math.floor(window / 2), ...usual } = parallelComp;
  return { ...usual, ...(more.includes('evict') ? { capacity } : {}), ...(more.includes('calibrate') ? { calibration: paperMix(numLayers) } : {}), ...given };
}

function parseOption(text: string, where: string): readonly [OptionName, number | string | boolean] {
  const [name = '', value = ''] = text.split('=');
  if (!isOption(name)) throw new RuntimeError('R604', `ParallelComp has no option '${name}'`, { where, remedy: `choose from ${Object.keys(optionKinds).join(', ')}` });
  const kind = optionKinds[name];
  const wrong = kind === 'number' ? value.trim() === '' || !Number.isFinite(Number(value)) : kind === 'boolean' ? value !== 'true' && value !== 'false' : !choices[name]?.includes(value);
  if (wrong) throw new RuntimeError('R604', `${name} is '${value}'`, { where, remedy: kind === 'number' ? 'give a number' : `write ${(choices[name] ?? ['true', 'false']).join(' or ')}` });
  return [name, kind === 'number' ? Number(value) : kind === 'boolean' ? value === 'true' : value];
}

const choices: Readonly<Partial<Record<OptionName, readonly string[]>>> = { group: ['sum', 'mean', 'max'], chunkCut: ['even', 'fixed'] };

const titleOf = (name: string, more: readonly Extra[], options: readonly (readonly [string, unknown])[]): string => {
  const added = more.map((extra) => (extra === 'evict' ? ' + eviction' : ' + calibration')).join('');
  return `${name}${added}${options.length === 0 ? '' : ` (${options.map(([key, value]) => `${key} ${String(value)}`).join(', ')})`}`;
};

const isName = (name: string): name is MethodName => name in names;
const isExtra = (name: string): name is Extra => (extras as readonly string[]).includes(name);
const isOption = (name: string): name is OptionName => name in optionKinds;
