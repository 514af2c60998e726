import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { folder, root } from './command.js';

const kernelText = (name: string, body: string): string => `import { type In, kernel, map, type Out } from 'warpfold/dsl';
import { factor } from './factor.js';
export const ${name} = kernel('${name}', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> => map(x, (x) => ${body}));
`;

/** A watching command over src/, what it has said so far, and its process. */
interface Watching { readonly cwd: string; readonly said: () => string; readonly errors: () => string; readonly child: ChildProcess }

async function watching(files: Readonly<Record<string, string>>): Promise<Watching> {
  const cwd = folder();
  mkdirSync(join(cwd, 'src'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, 'src', name), text);
  const child = spawn(process.execPath, [join(root, 'build', 'ts', 'codegen', 'cli.js'), 'compile', 'src', '--watch', '--out', 'out'], { cwd });
  onTestFinished(() => { child.kill('SIGKILL'); });
  let [out, err] = ['', ''];
  child.stdout.on('data', (d: Buffer) => { out += d.toString(); });
  child.stderr.on('data', (d: Buffer) => { err += d.toString(); });
  await vi.waitFor(() => expect(out).toContain('watching'), { timeout: 50_000 });
  return { cwd, said: () => out, errors: () => err, child };
}

const soon = (claim: () => void): Promise<void> => vi.waitFor(claim, { timeout: 20_000, interval: 20 });
const files = { 'factor.ts': 'export const factor = 2;\n', 'a.ts': kernelText('a', 'x * factor'), 'b.ts': kernelText('b', 'x + 1').replace("import { factor } from './factor.js';\n", '') };

describe('warpfold compile --watch', () => {
  test('recompiles the kernels that a change reaches, through imports too, and writes what changed', async () => {
    const { cwd, said } = await watching(files);
    const untouched = statSync(join(cwd, 'out', 'cpu', 'b.cpp')).mtimeMs;
    writeFileSync(join(cwd, 'src', 'factor.ts'), 'export const factor = 5;\n');
    await soon(() => expect(said()).toMatch(/ {2}a {2}\d+ ms {2}changed cpu\/a\.cpp\n/));
    expect(readFileSync(join(cwd, 'out', 'cpu', 'a.cpp'), 'utf8')).toContain('5.0f');
    expect(statSync(join(cwd, 'out', 'cpu', 'b.cpp')).mtimeMs).toBe(untouched);
    expect(said()).not.toMatch(/\bb {2}\d+ ms/);
  });

  test('survives mistakes: shows them with their frames, keeps what compiled last, and says when they are gone', async () => {
    const { cwd, said, errors } = await watching(files);
    const good = readFileSync(join(cwd, 'out', 'cpu', 'a.cpp'), 'utf8');
    writeFileSync(join(cwd, 'src', 'a.ts'), kernelText('a', 'x * Math.random()'));
    await soon(() => expect(errors()).toContain('src/a.ts:3:110  error F056'));
    expect(errors()).toContain('^^^^');
    expect(readFileSync(join(cwd, 'out', 'cpu', 'a.cpp'), 'utf8')).toBe(good);
    writeFileSync(join(cwd, 'src', 'a.ts'), files['a.ts']);
    await soon(() => expect(said()).toContain('no errors any more'));
  });

  test('takes up new files, forgets deleted ones, and sees files replaced whole as editors do', async () => {
    const { cwd, said } = await watching(files);
    writeFileSync(join(cwd, 'src', 'c.ts'), kernelText('c', 'x - factor'));
    await soon(() => expect(said()).toMatch(/ {2}c {2}\d+ ms/));
    writeFileSync(join(cwd, 'src', 'c.tmp'), kernelText('c', 'x - 3 * factor'));
    renameSync(join(cwd, 'src', 'c.tmp'), join(cwd, 'src', 'c.ts'));
    await soon(() => expect(readFileSync(join(cwd, 'out', 'cpu', 'c.cpp'), 'utf8')).toContain('6.0f'));
    rmSync(join(cwd, 'src', 'c.ts'));
    await soon(() => expect(said()).toContain('c removed'));
    expect(existsSync(join(cwd, 'out', 'cpu', 'c.cpp'))).toBe(false);
    expect(readFileSync(join(cwd, 'out', 'manifest.ts'), 'utf8')).not.toContain('src/c.ts');
  });

  test('an import that appears later is found', async () => {
    const { cwd, said, errors } = await watching({ 'b.ts': files['b.ts'], 'late.ts': kernelText('late', 'x * factor') });
    expect(errors()).toContain('error F059');
    writeFileSync(join(cwd, 'src', 'factor.ts'), files['factor.ts']);
    await soon(() => expect(said()).toMatch(/no errors any more; late {2}\d+ ms/));
  });

  test('Ctrl-C ends it with exit code 0', async () => {
    const { child, errors } = await watching(files);
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect([(await ended)[0], errors()]).toEqual([0, '']);
  });
});
