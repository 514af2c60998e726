import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codesMarkdown, codeList, codeText, noCode, pages } from '../../../codegen/codes/catalogue.js';
import { compileFor } from '../../../codegen/compile.js';
import { openProject } from '../../../codegen/frontend/project.js';
import { messages } from '../../../codegen/frontend/messages.js';
import { trusting } from '../../../codegen/trace.js';
import { CompileError } from '../../../dsl/diagnostic.js';

const header = "\nimport { cast, dot, gather, type In, kernel, map, max, merge, type Out, ragged, rename, sizeOf, split, sum, tabulate, topk } from './dsl/index.js';\n";

const examples = [...pages].flatMap(([code, page]) => (page.kind === 'source' ? [[code, page] as const] : []));
const fileOf = (code: string, side: 'wrong' | 'right'): string => `${code}.${side}.ts`;
/** One project for all: TypeScript's library is read once. */
const project = openProject({ typeCheck: true, sources: Object.fromEntries(examples.flatMap(([code, page]) => (['wrong', 'right'] as const).map((side) => [fileOf(code, side), page[side] + header]))) });

/** Codes of what `warpfold check` says of an example: of its errors, or where there are none of its warnings. */
function codesOf(file: string): readonly string[] {
  const { kernels, diagnostics } = project.read([file]);
  if (diagnostics.length > 0) return diagnostics.map((d) => d.code);
  try {
    return kernels.flatMap((k) => compileFor(k, ['cpu'], { trace: () => trusting }).warnings).map((w) => w.code);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return error.diagnostics.map((d) => d.code);
  }
}

const sourcesBelow = (folder: string): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => /\.(ts|cc|h)$/.test(f)).map((f) => join(folder, f)).filter((f) => !f.startsWith('codegen/codes/'));
const quotedCodes = (path: string): readonly string[] => [...readFileSync(path, 'utf8').matchAll(/(['"])([FTSLRW]\d{3})\1/g)].map((m) => m[2] ?? '');

describe('the catalogue of codes', () => {
  const used = new Set([...['codegen', 'dsl', 'runtime'].flatMap(sourcesBelow).flatMap(quotedCodes), ...Object.keys(messages)]);

  test('has a page for every code in the source', () => expect([...used].filter((c) => !pages.has(c)).sort()).toEqual([]));
  test('has no page of a code that nothing throws', () => expect([...pages.keys()].filter((c) => !used.has(c))).toEqual([]));
  test('refers only to pages that are there', () => expect([...pages.values()].flatMap((p) => p.see).filter((c) => !pages.has(c))).toEqual([]));

  // There is no source of a file that cannot be read.
  test.each(examples.filter(([code]) => code !== 'F002'))('the wrong example of %s gets this code and no other', (code) => expect([...new Set(codesOf(fileOf(code, 'wrong')))]).toEqual([code]));
  test.each(examples)('the right example of %s is accepted without a warning', (code) => expect(codesOf(fileOf(code, 'right'))).toEqual([]));
});

describe('a page', () => {
  test('reads well in a terminal', () => {
    expect(codeText('S103')).toMatchInlineSnapshot(`
      "S103  A function that cannot follow a reference

      A long axis is walked once, in blocks. What depends on a reduction over the same axis is stated
      relative to the value it has so far, and moved when that grows. Sums of products of powers and
      exponentials can be moved so; a tanh of the difference can not.

      Wrong:

          export const example = kernel('example', { q: 'dynamic', k: 'dynamic' },
            (x: In<'f32', ['q', 'k']>): Out<'f32', ['q']> => {
              const m = max(x, 'k');
              return sum(map(x, m, (x, m) => Math.tanh(x - m)), 'k');
            });

      Right:

          export const example = kernel('example', { q: 'dynamic', k: 'dynamic' },
            (x: In<'f32', ['q', 'k']>): Out<'f32', ['q']> => {
              const m = max(x, 'k');
              return sum(map(x, m, (x, m) => Math.exp(x - m)), 'k');
            });

      import { … } from 'warpfold/dsl' is left out.

      See also S102 (a decision that a later block could overturn), S104 (data times a reference in an exponent)."
    `);
    expect(codeText('R112')).toMatchInlineSnapshot(`
      "R112  A kernel was not built

      Its text is there, what a device loads is not.

      Run \`warpfold build\`; for CUDA nvcc must be on the PATH.

      See also R113 (a kernel file does not load)."
    `);
    expect(codeText('S999')).toBeUndefined();
  });

  test('of no code is told with what was meant', () => {
    expect([noCode('S1003'), noCode('X9')]).toEqual(["there is no code 'S1003'; did you mean 'S103'?; `warpfold explain --codes` lists them", "there is no code 'X9'; `warpfold explain --codes` lists them"]);
  });

  test('has nothing that markdown would read as a tag', () => {
    expect(codesMarkdown().replace(/```[\s\S]*?```/g, '')).not.toContain('<');
    expect([...pages.values()].map((p) => p.means).filter((m) => /`[^`]*<[^`]*`/.test(m))).toEqual([]);
  });

  test('stands in the list and in the markdown once', () => {
    for (const code of pages.keys()) {
      expect(codeList().split('\n').filter((l) => l.startsWith(`  ${code}  `))).toHaveLength(1);
      expect(codesMarkdown().split('\n').filter((l) => l.startsWith(`### ${code}: `))).toHaveLength(1);
    }
  });
});
