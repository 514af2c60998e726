import { describe, expect, test } from 'vitest';
import { compileVariants } from '../../codegen/compile.js';
import { readKernels } from '../../codegen/frontend/project.js';
import { cpu } from '../../codegen/targets/cpu.js';
import { sm80 } from '../../codegen/targets/sm80.js';
import { sm90a } from '../../codegen/targets/sm90a.js';
import type { Target } from '../../codegen/targets/target.js';
import { statements } from '../../codegen/tile/walk.js';
import { dtypeBytes } from '../../dsl/dtype.js';

const variants = (kernel: string, target: Target, dtype?: string) => {
  const [source] = readKernels([`runtime/kernels/${kernel}.ts`]);
  const def = source?.variants.find((v) => v.variant === 'bf16_d128') ?? source?.variants.find((v) => dtype !== undefined && v.variant.startsWith(dtype)) ?? source?.variants[0];
  if (!def) throw new Error(`${kernel} has no variant`);
  return compileVariants(def, target);
};

describe('variants for different shapes', () => {
  test('a long walk with products is shared among blocks while rows are few, most special first; the last serves any shape', () => {
    expect(variants('causalAttention', sm80).map((v) => ({ serves: v.serves, of: v.split?.of, launches: v.launches.length }))).toEqual([
      { serves: [{ axes: ['q', 'r'], atMost: 16 }], of: 'k', launches: 2 },
      { serves: [{ axes: ['q', 'r'], atMost: 64 }], of: 'k', launches: 2 },
      { serves: [{ axes: ['q', 'g', 'r'], atMost: 32768 }], of: 'k', launches: 2 },
      { serves: undefined, of: undefined, launches: 1 },
    ]);
  });

  test('the parts of a walk are as many as the argument says, and the second launch joins them', () => {
    const [few] = variants('causalAttention', sm80);
    const [part, join] = few?.launches.map((l) => l.kernel) ?? [];
    expect(part?.grid.map((g) => g.axis)).toContain(few?.split?.axis);
    expect(part?.params.filter((p) => p.role === 'scratch').map((p) => p.order[0])).toEqual([few?.split?.axis, few?.split?.axis, few?.split?.axis]);
    expect(join?.grid.map((g) => g.axis)).not.toContain(few?.split?.axis);
    expect(join?.params.some((p) => p.role === 'result')).toBe(true);
  });

  test('beside an edge of known length, as many rows as the variant for few serves stand in one block', () => {
    const [source] = readKernels(['runtime/kernels/causalAttention.ts']);
    const def = source?.variants[0];
    if (!def) throw new Error('causalAttention has no variant');
    for (let q = 1; q <= 16; q++) {
      const [few] = compileVariants({ ...def, sizes: { ...def.sizes, q: { kind: 'fixed', size: q } } }, sm80);
      const block = few?.launches[0]?.kernel.schedule.block;
      expect([block?.q, block?.r]).toEqual([q, Math.floor(16 / q)]);
    }
  });

  test('a single contraction has variants for a single row and for a handful, which all stand in one block', () => {
    for (const [kernel, rows] of [['linear', 'q'], ['linearRope', 'q'], ['normLinear', 'q'], ['logits', 'q']] as const) {
      const [one, few, any, more] = variants(kernel, sm80);
      expect([one?.serves, few?.serves, any?.serves, more]).toEqual([[{ axes: [rows], atMost: 1 }], [{ axes: [rows], atMost: 16 }], undefined, undefined]);
      expect([one, few].map((v) => v?.launches.map((l) => l.kernel.grid.find((g) => g.axis === rows)?.block))).toEqual([[1], [16]]);
    }
  });

  test('where blocks have roles, a thread of its own has 64 KiB under way on a multiprocessor for a handful of rows', () => {
    for (const kernel of ['causalAttention', 'linear', 'linearRope']) {
      const handful = variants(kernel, sm90a, 'bf16').filter((v) => v.serves?.some((s) => s.atMost === 16 || s.atMost === 64));
      expect(handful.length).toBeGreaterThan(0);
      for (const { launches: [first] } of handful) {
        const k = first?.kernel;
        const ring = (k?.roles?.channels ?? []).flatMap((c) => c.loads.map((l) => c.stages * 2 * l.dst.shape.reduce((n, a) => n * a.size, 1))).reduce((n, b) => n + b, 0);
        expect(k?.roles?.products).toEqual({ by: 'warps' });
        expect(ring * (k ? sm90a.blocksPerProcessor(k) : 0)).toBeGreaterThanOrEqual(64 * 1024);
      }
    }
  });

  test('warps that share their rows compute an operand each for itself', () => {
    const frame = variants('normLinear', sm80).map((v) => v.launches[0]?.kernel.frame);
    expect(frame.map((f) => [f?.warps, f?.whole])).toEqual([[{ rows: 4, columns: 1 }, []], [{ rows: 1, columns: 4 }, ['e']], [{ rows: 4, columns: 1 }, []]]);
  });

  test('a single row meets a matrix straight from memory: no product of matrices, no memory that threads share, windows ahead in what each lane has for itself', () => {
    for (const kernel of ['linear', 'linearRope', 'normLinear', 'swiglu', 'logits']) {
      const [one] = variants(kernel, sm80);
      const [launch] = one?.launches ?? [];
      const kinds = statements(launch?.kernel.body ?? []).map((s) => s.kind);
      expect(kinds.filter((k) => k === 'mma' || k === 'barrier')).toEqual([]);
      expect(launch?.kernel.tiles.filter((t) => t.layout === 'array' && t.shape.length > 0 || t.layout === 'operand')).toEqual([]);
      const ahead = launch?.kernel.pipes.find((p) => p.held === 'lanes');
      const elements = (ahead?.loads ?? []).reduce((n, l) => n + l.dst.shape.reduce((size, a) => size * a.size, 1) * dtypeBytes[l.src.dtype], 0);
      expect(launch && sm80.needs(launch.kernel).sharedBytes).toBe((ahead?.stages ?? 0) * elements);
      expect(elements).toBeGreaterThan(0);
    }
  });

  test('thin sums over rows have one variant, and so has the processor', () => {
    for (const kernel of ['tailScore', 'rmsNorm']) expect(variants(kernel, sm80)).toHaveLength(1);
    for (const kernel of ['causalAttention', 'linear']) expect(variants(kernel, cpu)).toHaveLength(1);
  });
});
