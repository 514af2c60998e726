// Builds the documentation site into build/docs/site: the pages beside this file, and those that are written from the program itself.
// `npm run docs`; `npm run docs -- --preview` serves it afterwards.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandsPage, galleryPages } from './generate.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = `${root}build/docs/pages`;
const site = `${root}build/docs/site`;

/** Runs a step; a failure or a word of warning ends the build with what was said. */
function step(what, args, cwd = root) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  const said = `${stdout}${stderr}`;
  if (status !== 0 || /warning\]|\bwarn\b/i.test(said)) {
    process.stderr.write(`${said}\nthe docs' ${what} failed or warned: node ${args.join(' ')}\n`);
    process.exit(1);
  }
  console.error(`${what} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
const tool = (name) => `${root}node_modules/.bin/${name}`;

rmSync(pages, { recursive: true, force: true });
mkdirSync(pages, { recursive: true });
cpSync(here, pages, { recursive: true, filter: (path) => !/\.(ts|json)$|\/(build|generate)\.mjs$/.test(path) });
// What `explain --html` writes: of the kernel that the tutorial begins with, and of attention.
const written = `${pages}/public/explain`;
mkdirSync(`${written}/src`, { recursive: true });
const template = readFileSync(`${root}codegen/templates/kernels/minimal/kernel.ts.template`, 'utf8');
writeFileSync(`${written}/src/rowNorm.ts`, template.replaceAll('{{name}}', 'rowNorm'));
cpSync(`${root}examples/attention.ts`, `${written}/src/attention.ts`);
for (const name of ['rowNorm', 'attention']) step(`page of ${name}`, [`${root}build/ts/codegen/cli.js`, 'explain', `src/${name}.ts`, '--html', `${name}.html`], written);
rmSync(`${written}/src`, { recursive: true });
cpSync(`${root}test/bench/results/pictures`, `${pages}/public/eval`, { recursive: true });
const { program } = await import(`${root}build/ts/codegen/cli.js`);
const { codesMarkdown } = await import(`${root}build/ts/codegen/index.js`);
writeFileSync(`${pages}/commands.md`, commandsPage(program()));
writeFileSync(`${pages}/codes.md`, `# Diagnostics\n\nEvery code with what it means and how to go on; \`npx warpfold explain CODE\` shows the same in a terminal.\n\n${codesMarkdown()}`);
for (const [path, text] of galleryPages(readFileSync(`${root}examples/README.md`, 'utf8'))) {
  mkdirSync(dirname(`${pages}/${path}`), { recursive: true });
  writeFileSync(`${pages}/${path}`, text);
}
step('API reference', [tool('typedoc'), '--options', 'examples/docs/typedoc.json']);
step('site', [tool('vitepress'), 'build', 'build/docs/pages', '--outDir', site]);

if (process.argv.includes('--preview')) spawn(process.execPath, [tool('vitepress'), 'preview', 'build/docs/pages', '--outDir', site], { cwd: root, stdio: 'inherit' });
