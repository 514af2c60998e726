import { describe, expect, test } from 'vitest';
import { compileKernel, readKernels, targets } from '../../codegen/index.js';
import { snippets, typeErrors } from './snippets.js';

const all = snippets();
const kernels = all.filter((s) => /= kernel\(/.test(s.text));

describe('what the documentation shows', () => {
  test('there are blocks to look at', () => expect([all.length > 0, kernels.length > 0]).toEqual([true, true]));

  test('every block is right as it stands: imports, names and types', () => expect(typeErrors(all)).toEqual([]));

  test('a block that is wrong is found', () => expect(typeErrors([{ place: 'here', text: "import { kernel } from 'warpfold/dsl';\nkernel(1);\n" }])).toEqual([expect.stringMatching(/^here \+1: /)]));

  test.each(kernels.map((s) => [s.place, s.text] as const))('the kernels of %s compile for every target', (_, text) => {
    const read = readKernels(['author.ts'], { sources: { 'author.ts': text } });
    expect(read.length).toBeGreaterThan(0);
    for (const { variants } of read) for (const def of variants) for (const target of Object.values(targets)) expect(compileKernel(def, target).launches.length).toBeGreaterThan(0);
  });
});
