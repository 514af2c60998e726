import { describe, expect, test } from 'vitest';
import { folder, warpfold } from './command.js';

describe('warpfold explain CODE', () => {
  test('prints the page of a code, however it is written', () => {
    const { code, stdout } = warpfold(['explain', 's103']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^S103 {2}A function that cannot follow a reference\n[\s\S]*\nWrong:\n[\s\S]*Math\.tanh[\s\S]*\nRight:\n/);
  });

  test('says what was meant by a code that is none, and lists all', () => {
    expect(warpfold(['explain', 'F0100'])).toMatchObject({ code: 1, stdout: '', stderr: "error: there is no code 'F0100'; did you mean 'F010'?; `warpfold explain --codes` lists them\n" });
    expect(warpfold(['explain', '--codes']).stdout).toMatch(/\n {2}W001 {2}A sum of exponentials/);
  });

  test('without a subject says what it explains', () => {
    const { code, stderr } = warpfold(['explain'], folder());
    expect([code, stderr]).toEqual([1, 'error: name a TypeScript file with kernels, or a code such as S103; `--codes` lists all codes\n']);
  });

  test('names that are misspelt are told what was meant', () => {
    expect(warpfold(['explain', 'examples/matmul.ts', '--kernel', 'project']).stderr).toBe("error: examples/matmul.ts has no kernel 'project'; it has projected; did you mean 'projected'?\n");
    expect(warpfold(['explain', 'examples/matmul.ts', '--stage', 'streem']).stderr).toContain("there is no stage 'streem'");
    expect(warpfold(['explain', 'examples/matmul.ts', '--stage', 'streem']).stderr).toContain("; did you mean 'stream'?");
    expect(warpfold(['compile', 'examples/matmul.ts', '--target', 'sm80'])).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean 'sm_80'?") });
    expect(warpfold(['compile', 'examples/matmul.ts', '--targets', 'cpu'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean --target?') });
  });
});
