import { CompileError, type Diagnostic } from '../dsl/diagnostic.js';
import type { TargetName } from '../dsl/manifest.js';
import { type CompileOptions, type Compilation, compileSource, joined, type KernelOutput } from './compile.js';
import { equalData } from './equalData.js';
import { type KernelSource, openProject } from './frontend/project.js';

/** What a change came to. `recompiled`: kernels whose source or imports changed; `kept`: refused ones that stand as they last compiled. */
export interface Step {
  readonly compilation: Compilation;
  readonly recompiled: readonly string[];
  readonly removed: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Of the kernels that were recompiled. */
  readonly warnings: readonly Diagnostic[];
}

/** A compilation that stays open. */
export interface Incremental {
  /** Compiles what differs from last time, after `changed` (absolute paths) changed, appeared or went. Throws for bugs only. */
  readonly step: (files: readonly string[], changed: readonly string[]) => Step;
  /** The author's files that were read, imported ones included: absolute paths. */
  readonly files: () => readonly string[];
}

interface Kept { readonly source: KernelSource; readonly output: KernelOutput }

/** Compiles files again and again, each time only the kernels that read differently. What is refused stays as it last was. */
export function incremental(targetNames: readonly TargetName[], options: CompileOptions): Incremental {
  const project = openProject();
  const kept = new Map<string, Kept>();
  return {
    files: project.files,
    step: (files, changed) => {
      project.refresh(changed);
      const { kernels, diagnostics } = project.read(files);
      const refused: Diagnostic[] = [];
      const recompiled: string[] = [];
      for (const source of kernels) {
        if (equalData(kept.get(source.name)?.source, source)) continue;
        try {
          kept.set(source.name, { source, output: compileSource(source, targetNames, options) });
          recompiled.push(source.name);
        } catch (error) {
          if (!(error instanceof CompileError)) throw error;
          refused.push(...error.diagnostics);
        }
      }
      // While something cannot be read, a kernel that is missing may only be misspelt.
      const gone = diagnostics.length > 0 ? [] : [...kept.keys()].filter((name) => !kernels.some((k) => k.name === name));
      for (const name of gone) kept.delete(name);
      const outputs = [...kept.values()].map((k) => k.output);
      return { compilation: joined(outputs, options), recompiled, removed: gone, diagnostics: [...diagnostics, ...refused], warnings: recompiled.flatMap((name) => kept.get(name)?.output.warnings ?? []) };
    },
  };
}
