import { formatDiagnostic } from '../../../codegen/diagnose.js';
import type { ReadOptions } from '../../../codegen/frontend/open.js';
import { type KernelSource, readKernels } from '../../../codegen/frontend/project.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { CompileError } from '../../../dsl/diagnostic.js';

// Imports hold wherever they stand; behind the text they leave its line numbers alone.
const header = "\nimport * as wf from './dsl/index.js';\nimport { cast, dot, entropy, gather, type In, kernel, logSumExp, map, max, maxPool, merge, min, type Out, ragged, rename, rmsNorm, rope, silu, sizeOf, softmax, split, sum, swiglu, tabulate, topk } from './dsl/index.js';\n";

/** Kernels of a text that stands for a file at the project's root; the language's names are imported. */
export const readText = (text: string, more: Readonly<Record<string, string>> = {}, options: ReadOptions = {}): readonly KernelSource[] =>
  readKernels(['author.ts'], { ...options, sources: { 'author.ts': text + header, ...more } });

/** The only variant of the only kernel of a text. */
export function readOne(text: string, more?: Readonly<Record<string, string>>): KernelDef {
  const [kernel] = readText(text, more);
  const [def] = kernel?.variants ?? [];
  if (!def) throw new Error('the text has no kernel');
  return def;
}

/** A kernel over x, y: f32[n] with a body. */
export const body = (text: string): string =>
  `export const k = kernel('k', { n: 'dynamic' }, (x: In<'f32', ['n']>, y: In<'f32', ['n']>): Out<'f32', ['n']> => ${text});`;

/** What reading prints when it refuses; an empty list when it does not. */
export function refusals(read: () => unknown, lineOf: (file: string, line: number) => string | undefined = () => undefined): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return error.diagnostics.map((d) => formatDiagnostic(d, lineOf));
  }
}

/** Refusals of a text, without source lines. */
export const refusalsOf = (text: string, more?: Readonly<Record<string, string>>): readonly string[] => refusals(() => readText(text, more));
