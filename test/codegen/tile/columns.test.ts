import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { compileKernel, compileVariants, targets } from '../../../codegen/compile.js';
import type { Machine } from '../../../codegen/schedule/machine.js';
import type { Target } from '../../../codegen/targets/target.js';
import { statements } from '../../../codegen/tile/walk.js';
import { tracing } from '../../../codegen/trace.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { programs } from '../stream/programs.js';
import { uniform, values } from '../../kit/values.js';
import { expectAgreementOn } from './agreement.js';

/** In f32 with a head dim so short that a fast machine multiplies again: nothing in the kernels depends on its value. */
const suite = programs('windowed');
const program = (name: string): KernelDef => {
  const def = suite.get(name);
  if (!def) throw new Error(`no program ${name}`);
  return { ...def, sizes: { ...def.sizes, d: { kind: 'fixed', size: 4 } } };
};

/** Machines for which a product costs nothing, or everything. */
const fast: Machine = { halves: Infinity, whole: Infinity };
const slow: Machine = { halves: 1e-3, whole: 1e-3 };
/** Little memory for tiles makes small blocks, so that small sizes already have several of them. */
const small: readonly Target[] = [{ ...targets.cpu, tileLimit: 3 * 1024 }, { ...targets.sm_80, tileLimit: 4 * 1024 }];
/** Launches by plan, on every target, whole and with keys shared among blocks. */
const compiled = (name: string, machine: Machine) => small.flatMap((target) => compileVariants(program(name), { ...target, machine }).map((v) => v.launches.map((l) => l.kernel)));
const isKept = (kernels: ReturnType<typeof compiled>[number]): boolean => kernels.some((k) => statements(k.body).some((s) => s.kind === 'loop' && s.axis === 'k' && s.body.some((x) => x.kind === 'store' && x.dst.role === 'scratch')));

interface Drawn { readonly w: number; readonly r: number; readonly k: number; readonly parts: number; readonly back: number; readonly ahead: number; readonly seed: number }
const drawn = fc.record({ w: fc.integer({ min: 0, max: 20 }), r: fc.integer({ min: 1, max: 3 }), k: fc.integer({ min: 0, max: 70 }), parts: fc.integer({ min: 1, max: 3 }), back: fc.integer({ min: -2, max: 20 }), ahead: fc.integer({ min: -3, max: 70 }), seed: fc.nat() });

/** Sizes and inputs; as many parts as there may be of the shortest step. */
function caseOf(def: KernelDef, { w, r, k, parts, back, ahead, seed }: Drawn) {
  const rows = def.sizes.w?.kind === 'fixed' ? def.sizes.w.size : w;
  const inputs = { q: values(seed, rows * r * 4), k: values(seed + 1, k * 4), v: values(seed + 2, k * 4), back: Float64Array.of(back), ahead: Float64Array.of(ahead) };
  return { inputs, sizes: { w: rows, r, k, d: 4, kParts: Math.max(1, Math.min(parts, Math.ceil(k / 16))) } };
}

describe.each([
  ['windowedOne', slow, true], ['windowedEight', slow, true], ['windowedEight', fast, false], ['windowedAll', fast, false],
] as const)('%s', (name, machine, keeps) => {
  const def = program(name);
  const programsOf = compiled(name, machine);
  test(`${keeps ? 'stores scores in the walk' : 'multiplies again'} in every variant`, () => expect(programsOf.map(isKept)).toEqual(programsOf.map(() => keeps)));
  test('has variants whose blocks share the keys', () => expect(programsOf.some((kernels) => kernels.some((k) => k.grid.some((g) => g.axis === 'kParts')))).toBe(true));
  property.prop([drawn], { numRuns: 25 })('means what its source says, under windows that hide much, in any number of parts', (c) => {
    const { inputs, sizes } = caseOf(def, c);
    for (const kernels of programsOf) expectAgreementOn(def, kernels, inputs, sizes);
  });
});

describe('rows whose number a launch gives', () => {
  const def = program('windowedAll');
  const variants = compileVariants(def, { ...targets.sm_80, machine: slow });
  test('are kept by the variants for few of them alone', () => {
    expect(variants.map((v) => [v.serves?.[0]?.atMost, isKept(v.launches.map((l) => l.kernel))])).toEqual([[16, true], [64, true], [32768, false], [undefined, false]]);
  });
  property.prop([drawn.map((c) => ({ ...c, w: Math.floor(uniform(c.seed, 1) * 17), r: 1 }))], { numRuns: 15 })('are summed alike by all', (c) => {
    const { inputs, sizes } = caseOf(def, c);
    for (const v of variants) expectAgreementOn(def, v.launches.map((l) => l.kernel), inputs, { ...sizes, kParts: 1 });
  });
});

/** The lowered launches of a kernel, tiles left out. */
function lowered(name: string): string {
  const shown: string[] = [];
  compileKernel(program(name), { ...targets.cpu, machine: slow }, tracing(new Set(['lower']), (_, text) => shown.push(text)));
  return shown.slice(-2).join('').split('\n').filter((line) => !line.startsWith('tile ')).join('\n');
}

describe('the launches of', () => {
  test('plan K: the walk stores raw scores, the sums finalise them', () => expect(lowered('windowedEight')).toMatchInlineSnapshot(`
    "kernel windowedEight_f32_step1(q: f32[w, r, d], k: f32[k, d], v: f32[k, d], back: i32[], ahead: i32[]) -> o: f32[w, r, d], lse: f32[w, r] scratch mMemory: f32[w, r], dotMemory: f32[w, r, k]
    grid w by 8, r by 1
    fill m <- -1.8288332345291844e+30
    fill l <- 0
    fill oTile <- 0
    load qTile <- q[w, r, d]
    load backValue <- back[]
    load aheadValue <- ahead[]
    for k in 0 .. size.k by 128
      load kTile <- k[k, d]
      mma product <- qTile * kTile over d
      store dotMemory[w, r, k] <- product
      map s <- (((at.w - backValue) <= at.k) && (at.k <= (at.w + aheadValue))) ? (product * 0.36067376022224085) : -Infinity
      reduce kMax <- max s over k
      map mNew <- max(m, kMax)
      map alpha <- exp2(m - mNew)
      map l2 <- l * alpha
      map e <- exp2(s - mNew)
      reduce l3 <- sum e over k
      map lNew <- l2 + l3
      map oTile2 <- oTile * alpha
      load vTile <- v[k, d]
      mma product2 <- e * vTile over k
      map oNew <- oTile2 + product2
      copy l <- lNew
      copy oTile <- oNew
      copy m <- mNew
    map value <- (l == 0) ? 0 : (1 / l)
    map value2 <- oTile * value
    store o[w, r, d] <- value2
    map lseTile <- (m * 0.6931471805599453) + log(l)
    store lse[w, r] <- lseTile
    map m2 <- (l == 0) ? Infinity : (m + log2(l))
    store mMemory[w, r] <- m2
    kernel windowedEight_f32_step2(back: i32[], ahead: i32[]) -> column: f32[r, k] scratch mMemory: f32[w, r], dotMemory: f32[w, r, k]
    grid r by 8, k by 512
    load backValue <- back[]
    load aheadValue <- ahead[]
    load dotMemoryTile <- dotMemory[w, r, k]
    load mMemoryTile <- mMemory[w, r]
    map p <- exp2(((((at.w - backValue) <= at.k) && (at.k <= (at.w + aheadValue))) ? (dotMemoryTile * 0.36067376022224085) : -Infinity) - mMemoryTile)
    reduce columnTile <- sum p over w
    store column[r, k] <- columnTile
    "
  `));
  test('plan D: one row of scores, no sum', () => expect(lowered('windowedOne')).toMatchInlineSnapshot(`
    "kernel windowedOne_f32_step1(q: f32[w, r, d], k: f32[k, d], v: f32[k, d], back: i32[], ahead: i32[]) -> o: f32[w, r, d], lse: f32[w, r] scratch mMemory: f32[w, r], dotMemory: f32[w, r, k]
    grid w by 1, r by 1
    fill m <- -1.8288332345291844e+30
    fill l <- 0
    fill oTile <- 0
    load qTile <- q[w, r, d]
    load backValue <- back[]
    load aheadValue <- ahead[]
    for k in 0 .. size.k by 128
      load kTile <- k[k, d]
      mma product <- kTile * qTile over d
      store dotMemory[w, r, k] <- product
      map s <- (((at.w - backValue) <= at.k) && (at.k <= (at.w + aheadValue))) ? (product * 0.36067376022224085) : -Infinity
      reduce kMax <- max s over k
      map mNew <- max(m, kMax)
      map alpha <- exp2(m - mNew)
      map l2 <- l * alpha
      map e <- exp2(s - mNew)
      reduce l3 <- sum e over k
      map lNew <- l2 + l3
      map oTile2 <- oTile * alpha
      load vTile <- v[k, d]
      mma product2 <- vTile * e over k
      map oNew <- oTile2 + product2
      copy l <- lNew
      copy oTile <- oNew
      copy m <- mNew
    map value <- (l == 0) ? 0 : (1 / l)
    map value2 <- oTile * value
    store o[w, r, d] <- value2
    map lseTile <- (m * 0.6931471805599453) + log(l)
    store lse[w, r] <- lseTile
    map m2 <- (l == 0) ? Infinity : (m + log2(l))
    store mMemory[w, r] <- m2
    kernel windowedOne_f32_step2(back: i32[], ahead: i32[]) -> column: f32[r, k] scratch mMemory: f32[w, r], dotMemory: f32[w, r, k]
    grid r by 8, k by 512
    load backValue <- back[]
    load aheadValue <- ahead[]
    load dotMemoryTile <- dotMemory[w, r, k]
    load mMemoryTile <- mMemory[w, r]
    map p <- exp2(((((at.w - backValue) <= at.k) && (at.k <= (at.w + aheadValue))) ? (dotMemoryTile * 0.36067376022224085) : -Infinity) - mMemoryTile)
    reduce columnTile <- sum p over w
    store column[r, k] <- columnTile
    "
  `));
  test('plan R: the second launch multiplies again', () => expect(lowered('windowedAll')).toMatchInlineSnapshot(`
    "kernel windowedAll_f32_step1(q: f32[w, r, d], k: f32[k, d], v: f32[k, d], back: i32[], ahead: i32[]) -> o: f32[w, r, d], lse: f32[w, r] scratch mMemory: f32[r, w]
    grid w by 64, r by 1
    fill m <- -1.8288332345291844e+30
    fill l <- 0
    fill oTile <- 0
    load backValue <- back[]
    load aheadValue <- ahead[]
    load qTile <- q[w, r, d]
    for k in 0 .. size.k by 128
      load kTile <- k[k, d]
      mma product <- qTile * kTile over d
      map s <- (((at.w - backValue) <= at.k) && (at.k <= (at.w + aheadValue))) ? (product * 0.36067376022224085) : -Infinity
      reduce kMax <- max s over k
      map mNew <- max(m, kMax)
      map alpha <- exp2(m - mNew)
      map l2 <- l * alpha
      map e <- exp2(s - mNew)
      reduce l3 <- sum e over k
      map lNew <- l2 + l3
      map oTile2 <- oTile * alpha
      load vTile <- v[k, d]
      mma product2 <- e * vTile over k
      map oNew <- oTile2 + product2
      copy l <- lNew
      copy oTile <- oNew
      copy m <- mNew
    map value <- (l == 0) ? 0 : (1 / l)
    map value2 <- oTile * value
    store o[w, r, d] <- value2
    map lseTile <- (m * 0.6931471805599453) + log(l)
    store lse[w, r] <- lseTile
    map m2 <- (l == 0) ? Infinity : (m + log2(l))
    store mMemory[r, w] <- m2
    kernel windowedAll_f32_step2(q: f32[w, r, d], k: f32[k, d], back: i32[], ahead: i32[]) -> column: f32[r, k] scratch mMemory: f32[r, w]
    grid r by 1, k by 128
    fill columnTile <- 0
    load backValue <- back[]
    load aheadValue <- ahead[]
    load kTile <- k[k, d]
    for w in 0 .. size.w by 32
      load qTile <- q[w, r, d]
      mma product <- kTile * qTile over d
      load mMemoryTile <- mMemory[r, w]
      map p <- exp2(((((at.w - backValue) <= at.k) && (at.k <= (at.w + aheadValue))) ? (product * 0.36067376022224085) : -Infinity) - mMemoryTile)
      reduce columnTile2 <- sum p over w
      map columnNew <- columnTile + columnTile2
      copy columnTile <- columnNew
    store column[r, k] <- columnTile
    "
  `));
});
