// Builds the documentation site into build/docs/site: the pages beside this file, and those that are written from the program itself.
// `npm run docs`; `npm run docs -- --preview` serves it afterwards.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandsPage, galleryPage } from './generate.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = `${root}build/docs/pages`;
const site = `${root}build/docs/site`;

/** Runs a step; a failure or a word of warning ends the build with what was said. */
function step(what, command, args) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(`${root}node_modules/.bin/${command}`, args, { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  const said = `${stdout}${stderr}`;
  if (status !== 0 || /warning\]|\bwarn\b/i.test(said)) {
    process.stderr.write(`${said}\nthe docs' ${what} failed or warned: ${command} ${args.join(' ')}\n`);
    process.exit(1);
  }
  console.error(`${what} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

rmSync(pages, { recursive: true, force: true });
mkdirSync(pages, { recursive: true });
cpSync(here, pages, { recursive: true, filter: (path) => !/\.(ts|json)$|\/(build|generate)\.mjs$/.test(path) });
const { program } = await import(`${root}build/ts/codegen/cli.js`);
const { codesMarkdown } = await import(`${root}build/ts/codegen/commands/codes.js`);
writeFileSync(`${pages}/commands.md`, commandsPage(program()));
writeFileSync(`${pages}/codes.md`, codesMarkdown());
writeFileSync(`${pages}/gallery.md`, galleryPage(readFileSync(`${root}examples/README.md`, 'utf8')));
step('API reference', 'typedoc', ['--options', 'examples/docs/typedoc.json']);
step('site', 'vitepress', ['build', 'build/docs/pages', '--outDir', site]);

if (process.argv.includes('--preview')) spawn(`${root}node_modules/.bin/vitepress`, ['preview', 'build/docs/pages', '--outDir', site], { cwd: root, stdio: 'inherit' });
