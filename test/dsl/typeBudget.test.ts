import { expect, test } from 'vitest';
import { errorsIn, programOf } from './typeCheck.js';

const bare = "import { cast, dot, type In, logSumExp, map, type Out, softmax } from '../../dsl/index.js';\nexport const used = [cast, dot, logSumExp, map, softmax];\nexport type Used = [In<'f32', []>, Out<'f32', []>];\n";
const operations = 6;
/** An attention of six operations whose axes no other function has: nothing of one function's types serves the next. */
const attention = (i: number): string => `export const f${i} = <E extends 'f32' | 'bf16'>(
  q: In<E, ['h${i}', 'q${i}', 'd${i}']>, k: In<E, ['h${i}', 'k${i}', 'd${i}']>, v: In<E, ['h${i}', 'k${i}', 'd${i}']>, scale: In<'f32', []>,
): { o: Out<E, ['h${i}', 'q${i}', 'd${i}']>; lse: Out<'f32', ['h${i}', 'q${i}']> } => {
  const s = map(dot(q, k, 'd${i}'), scale, (s, scale, at) => (at.k${i} <= at.q${i} ? s * scale : -Infinity));
  return { o: cast(q.dtype, dot(cast(v.dtype, softmax(s, 'k${i}')), v, 'k${i}')), lse: logSumExp(s, 'k${i}') };
};\n`;

function checked(text: string): { readonly instantiations: number; readonly seconds: number } {
  const program = programOf({ budget: text });
  program.getTypeChecker();
  const start = process.cpuUsage();
  expect(errorsIn(program, 'budget')).toEqual([]);
  return { instantiations: program.getInstantiationCount(), seconds: process.cpuUsage(start).user / 1e6 };
}

test('1,000 attention functions stay within 500 instantiations per operation', () => {
  const before = checked(bare);
  const after = checked(bare + Array.from({ length: 1000 }, (_, i) => attention(i)).join(''));
  const spent = after.instantiations - before.instantiations;
  console.log(`1,000 attention functions: ${spent} instantiations, ${(spent / 1000 / operations).toFixed(0)} per operation, ${(after.seconds - before.seconds).toFixed(1)} s of checking`);
  expect(spent / 1000 / operations).toBeLessThanOrEqual(500);
  expect(spent).toMatchInlineSnapshot(`1008344`);
}, 180_000);
