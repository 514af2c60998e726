import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project as Morph, ts } from 'ts-morph';

/** How kernels are read. */
export interface ReadOptions {
  /** Also report what TypeScript itself finds wrong in the files, as F001. Loads TypeScript's library: slower. Default false. */
  readonly typeCheck?: boolean;
  /** Spans name files relative to this folder. Default: the current one. */
  readonly root?: string;
  /** Texts that stand for files, by path: unsaved editors, tests. */
  readonly sources?: Readonly<Record<string, string>>;
}

/** Files as TypeScript sees them, kept open so that a change costs only what changed. Paths are absolute, with forward slashes. */
export interface Opened {
  readonly root: string;
  /** The folder of the language's own source: dsl/. */
  readonly library: string;
  /** These files and what was asked for before, as they were when they were last read. A path that names no file is left out. */
  readonly program: (paths: readonly string[]) => ts.Program;
  /** Reads these paths anew where they changed, appeared or are gone. */
  readonly refresh: (paths: readonly string[]) => void;
}

export const posix = (path: string): string => path.replaceAll('\\', '/');

/** Symbols suffice to read kernels, so TypeScript's library is loaded only to check types; what runs in a browser never is. */
export function open(options: ReadOptions): Opened {
  const root = resolve(options.root ?? '.');
  const library = libraryFolder();
  const morph = new Morph({
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      ...(options.typeCheck ? { lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'] } : { noLib: true }),
      types: [], noEmit: true, skipLibCheck: true, strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
      // The package's own sources, not its declarations: library functions are read like an author's.
      paths: { 'warpfold/dsl': [`${library}/index.ts`] },
    },
  });
  for (const [path, text] of Object.entries(options.sources ?? {})) morph.createSourceFile(posix(resolve(root, path)), text, { overwrite: true });
  const files = morph.getFileSystem();
  return {
    root, library,
    program: (paths) => {
      for (const path of paths) if (!morph.getSourceFile(path) && !files.directoryExistsSync(path)) morph.addSourceFileAtPathIfExists(path);
      return morph.getProgram().compilerObject;
    },
    refresh: (paths) => {
      for (const path of paths) {
        const known = morph.getSourceFile(path);
        // One that an import asked for in vain is found only when it is added.
        if (known) known.refreshFromFileSystemSync();
        else if (path.endsWith('.ts')) morph.addSourceFileAtPathIfExists(path);
      }
    },
  };
}

/** The folder of the language's sources, which the package ships beside the compiler, built or not. */
function libraryFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'dsl', 'tensor.ts'))) return posix(join(folder, 'dsl'));
    if (folder === dirname(folder)) throw new Error(`the language's sources (dsl/tensor.ts) are not found above ${start}`);
  }
}
