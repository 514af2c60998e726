// Puts the kernel of examples/attention.ts and the loop it compiles to into the README, as they are now. `--check` fails if they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);
const { compileFiles } = await import('../../build/ts/codegen/index.js');

const source = readFileSync('examples/attention.ts', 'utf8');
const kernel = source.slice(source.indexOf('export const grouped'), source.indexOf('\n  });\n', source.indexOf('export const grouped')) + '\n  });'.length);

const generated = compileFiles(['examples/attention.ts'], ['cpu']).texts.get('cpu/grouped.cpp') ?? '';
const lines = generated.split('\n');
const from = lines.findIndex((l) => l.startsWith('  for (int k0'));
const to = lines.findIndex((l, i) => i > from && l === '  }');
const loop = lines.slice(from, to + 1).map((l) => l.slice(2)).join('\n');

const readme = readFileSync('README.md', 'utf8');
const put = (text, name, language, code) => text.replace(new RegExp(`<!-- ${name} -->[^]*?<!-- /${name} -->`), () => `<!-- ${name} -->\n\n\`\`\`${language}\n${code}\n\`\`\`\n\n<!-- /${name} -->`);
const made = put(put(readme, 'kernel', 'ts', kernel), 'loop', 'cpp', loop);
if (process.argv.includes('--check')) {
  if (made !== readme) {
    console.error('README.md shows another kernel or loop than examples/attention.ts has: run `node test/examples/readme.mjs`');
    process.exit(1);
  }
} else writeFileSync('README.md', made);
