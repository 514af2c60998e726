import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What compiles generated code with g++ or nvcc, or starts the built command. */
const codegen = ['test/codegen/{emit,targets,build,agreement}*/**/*.test.ts', 'test/codegen/{emit,build,agreement,golden}*.test.ts', 'test/{commands,examples,emulator,gpu,package,pages}/**/*.test.ts', 'test/kit/{agrees,outside}.test.ts', 'test/kit/laws/*.test.ts'];
/** What runs kernels and models through the addon. */
const model = ['test/runtime/**/*.test.ts', 'test/golden/**/*.test.ts'];

/** Kernels that tests compile are kept with everything else that is built. */
const env = { XDG_CACHE_HOME: new URL('./build/cache', import.meta.url).pathname };
const shared = { pool: 'forks', env, setupFiles: ['test/kit/setup.ts'], testTimeout: 60_000, hookTimeout: 120_000 } as const;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^warpfold\/(dsl|codegen|runtime)$/, replacement: new URL('./$1/index.ts', import.meta.url).pathname },
      { find: /^warpfold\/test$/, replacement: new URL('./test/kit/index.ts', import.meta.url).pathname },
    ],
  },
  test: {
    // One less than there are cores would be one of two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { extends: true, test: { ...shared, name: 'unit', include: ['test/**/*.test.ts'], exclude: [...codegen, ...model] } },
      { extends: true, test: { ...shared, name: 'codegen', include: codegen } },
      { extends: true, test: { ...shared, name: 'model', include: model } },
    ],
  },
});
