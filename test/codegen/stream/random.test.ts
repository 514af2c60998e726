import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { compileKernel, targets } from '../../../codegen/compile.js';
import { check } from '../../../codegen/graph/check.js';
import { stream } from '../../../codegen/stream/derive.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { CompileError } from '../../../dsl/diagnostic.js';
import type { TensorExpr } from '../../../dsl/expr.js';
import { dot, input, map, reduce } from '../../../dsl/ops.js';
import { arg, binary, lit, select, unary, type BinaryOp, type Scalar, type UnaryOp } from '../../../dsl/scalar.js';
import { nowhere } from '../../../dsl/span.js';
import { expectAgreement } from '../tile/agreement.js';
import { uniform } from '../../kit/values.js';

const inputs = [
  input('s', 'f32', ['q', 'k'], nowhere), input('t', 'f32', ['q', 'k'], nowhere), input('v', 'f32', ['k', 'd'], nowhere),
  input('b', 'f32', ['q'], nowhere), input('c', 'f32', ['k'], nowhere), input('scale', 'f32', [], nowhere),
];

type Draw = (choices: number) => number;
function drawer(seed: number): Draw {
  let n = 0;
  return (choices) => Math.floor(uniform(seed, n++) * choices);
}
const pick = <T>(items: readonly T[], draw: Draw): T => {
  const item = items[draw(items.length)];
  if (item === undefined) throw new Error('nothing to pick');
  return item;
};

const smooth: readonly UnaryOp[] = ['neg', 'exp', 'exp', 'neg'];
const rough: readonly UnaryOp[] = ['abs', 'tanh', 'floor'];
const binaries: readonly BinaryOp[] = ['add', 'sub', 'sub', 'mul', 'mul', 'div', 'max', 'lt'];

/** Scalar code over `operands` operands: mostly what the normal form follows, sometimes what it must refuse. */
function scalar(operands: number, depth: number, draw: Draw): Scalar {
  const go = (): Scalar => scalar(operands, depth - 1, draw);
  if (depth === 0 || draw(5) === 0) return draw(6) === 0 ? lit(pick([0, 0.5, 2, -1], draw)) : arg(draw(operands));
  switch (draw(8)) {
    case 0: return unary(pick(smooth, draw), go());
    case 1: return unary('exp', binary('sub', go(), go()));
    case 2: return unary(pick(draw(4) === 0 ? rough : smooth, draw), go());
    case 3: return select(binary('lt', go(), lit(0.5)), go(), lit(0));
    // A denominator that stays away from 0, so that float64 can judge.
    case 4: return binary('div', go(), binary('add', lit(1.5), unary('abs', go())));
    default: return binary(pick(binaries.filter((op) => op !== 'div' && (op !== 'lt' || draw(3) === 0)), draw), go(), go());
  }
}

/** A kernel of a few maps and reductions over k that read each other. */
function program(seed: number): KernelDef {
  const draw = drawer(seed);
  const pool: TensorExpr[] = [...inputs];
  for (let step = 0; step < 5; step++) {
    const args = Array.from({ length: 1 + draw(3) }, () => pick(draw(2) === 0 ? pool.slice(-3) : pool, draw));
    const body = map(scalar(args.length, 2, draw), args, nowhere);
    const f32 = body.dtype === 'f32' ? body : inputs[0];
    if (!f32) continue;
    pool.push(f32);
    if (!f32.axes.includes('k')) continue;
    const kind = draw(4);
    const other = pick(pool.filter((x) => x.axes.includes('k') && x.dtype === 'f32'), draw);
    pool.push(kind === 0 ? reduce('max', f32, 'k', nowhere) : kind === 1 ? dot(f32, other, 'k', nowhere) : reduce('sum', f32, 'k', nowhere));
  }
  const values = pool.filter((x) => x.kind !== 'input' && !x.axes.includes('k')).slice(-2);
  return {
    name: `random${seed}`, variant: '', file: 'random.ts', dtypes: {}, span: nowhere,
    sizes: { q: { kind: 'dynamic' }, k: { kind: 'dynamic' }, d: { kind: 'dynamic' } },
    params: inputs.map((p) => ({ name: p.name, dtype: p.dtype, order: p.axes, span: nowhere })),
    results: values.map((value, i) => ({ name: `out${i}`, dtype: value.dtype, order: value.axes, value, span: nowhere })),
  };
}

/** 'streams', or the code of its refusal. Anything else is a failure of the compiler: stream checks what it derived against the source. */
function outcome(def: KernelDef): string {
  try {
    check(stream(def), 'stream');
    return 'streams';
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics.map((d) => d.code).join();
    throw error;
  }
}

property.prop([fc.integer({ min: 0, max: 2 ** 30 })], { numRuns: 300 })('a random program streams and means the same, or is refused with a streaming code', (seed) => {
  expect(outcome(program(seed))).toMatch(/^(streams|S10[1-7])$/);
});

test('random programs do both', () => {
  const outcomes = Array.from({ length: 300 }, (_, seed) => outcome(program(seed)));
  expect(outcomes.filter((o) => o === 'streams').length).toBeGreaterThan(100);
  expect(new Set(outcomes).size).toBeGreaterThan(4);
});

/** Little memory for tiles makes small blocks. */
const target = { ...targets.cpu, tileLimit: 3 * 1024 };

property.prop([fc.integer({ min: 0, max: 2 ** 30 })], { numRuns: 150 })('its tile program computes the same', (seed) => {
  const def = program(seed);
  let kernels: readonly TileKernel[] = [];
  try {
    kernels = compileKernel(def, target).launches.map((l) => l.kernel);
  } catch (error) {
    if (error instanceof CompileError) return;
    throw error;
  }
  expectAgreement(def, kernels, { q: 3, k: 7, d: 2 }, seed);
});
