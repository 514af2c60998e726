import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { callerFile, fileOfFrame } from '../../dsl/callerFile.js';
import { type In, kernel, map, type Out } from '../../dsl/index.js';

const twice = kernel('twice', { n: 'dynamic' }, (x: In<'f32', ['n']>): Out<'f32', ['n']> => map(x, (x) => 2 * x));

test('a kernel remembers the file that declares it', () => {
  expect(twice.file).toBe(fileURLToPath(import.meta.url));
});

test('who calls is the frame above the callee, whoever calls that', () => {
  const asked = (): string | undefined => callerFile(asked);
  expect([asked].map((f) => f())).toEqual([fileURLToPath(import.meta.url)]);
});

test.for([
  ['    at file:///home/a%20b/k.ts:3:18', '/home/a b/k.ts'],
  ['    at Object.<anonymous> (/home/k.ts:3:18)', '/home/k.ts'],
  ['    at async load (file:///home/k.js?v=17:3:18)', '/home/k.js'],
  ['    at C:\\src\\k.ts:3:18', 'C:\\src\\k.ts'],
  ['    at eval (<anonymous>)', undefined],
  ['', undefined],
] as const)('%j is in %s', ([frame, file]) => { expect(fileOfFrame(frame)).toBe(file); });
