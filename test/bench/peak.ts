import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const flagsOf = { 'x86-64-v4': ['-march=x86-64-v4', '-mprefer-vector-width=512'], 'x86-64-v3': ['-march=x86-64-v3'], 'x86-64-v2': ['-march=x86-64-v2'] } as const;

/** GFLOP/s of f32 multiply-adds that `threads` of these cores reach, measured now; the yardstick of everything else in the run. */
export function measurePeak(root: string, instructionSet: keyof typeof flagsOf, threads: number): number {
  const folder = join(root, 'build', 'bench');
  mkdirSync(folder, { recursive: true });
  const program = join(folder, `peak-${instructionSet}`);
  execFileSync('g++', ['-O3', '-std=c++17', '-fopenmp', '-ffp-contract=fast', ...flagsOf[instructionSet], join(root, 'test', 'bench', 'peak.cpp'), '-o', program]);
  return Number(execFileSync(program, [String(threads)], { encoding: 'utf8' }));
}
