import type { DType } from '../../dsl/dtype.js';
import type { Device, DeviceTensor } from '../../runtime/device.js';
import { mods } from './gpuMods.js';

/** What a work is prepared with: memory that lives as long as its measurement, and the device's launch. */
export interface Bench {
  readonly launch: Device['launch'];
  /** Standard normal numbers. */
  readonly normal: (dtype: DType, shape: readonly number[]) => DeviceTensor;
  readonly empty: (dtype: DType, shape: readonly number[]) => DeviceTensor;
  /** Given numbers: whole ones in i32, others in f32. */
  readonly whole: (numbers: readonly number[]) => DeviceTensor;
  readonly single: (numbers: readonly number[], shape: readonly number[]) => DeviceTensor;
}

/** The same work as peers.py knows it: `kind` names one of its functions, the rest are its arguments. */
export type PeerWork = { readonly kind: string } & Readonly<Record<string, number | boolean | string>>;

/** What is measured together, and stands in one table. */
export type WorkGroup = 'attention' | 'mods' | 'decode' | 'columns' | 'eviction' | 'matmul' | 'row' | 'rows';

/** One work to be timed: launches that belong together, on inputs of its own. */
export interface GpuWork {
  readonly id: string;
  readonly group: WorkGroup;
  /** Which kernels it calls: those that ship, or those of test/gpu. */
  readonly kernels: 'shipped' | 'test';
  /** Useful floating-point operations, masked scores not counted. */
  readonly flops: number;
  /** Bytes that must be read or written at least. */
  readonly bytes: number;
  readonly peer: PeerWork;
  /** Allocates inputs and results, and returns what queues the work on them. */
  readonly prepare: (bench: Bench) => () => void;
}

interface Heads { readonly B: number; readonly H: number; readonly KV: number; readonly Q: number; readonly S: number; readonly D: number }

/** All works; in a quick run the same kinds at sizes that take no time. */
export function gpuWorks(quick: boolean): readonly GpuWork[] {
  const s = quick ? 64 : 1;
  const square = (B: number, H: number, KV: number, S: number, D: number): readonly GpuWork[] => [false, true].map((causal) => attention('attention', { B: quick ? 1 : B, H: quick ? 2 : H, KV: quick ? 1 : KV, Q: S / s, S: S / s, D }, causal));
  const decode = (B: number, H: number, KV: number, Q: number, S: number): GpuWork => attention('decode', { B: quick ? 1 : B, H: quick ? H / KV : H, KV: quick ? 1 : KV, Q: quick ? Math.min(Q, 16) : Q, S: S / (quick ? 512 : 1), D: 128 }, false);
  const summed = (Q: number, S: number, ...kernels: readonly Summing[]): readonly GpuWork[] => columns({ B: 1, H: quick ? 4 : 32, KV: quick ? 1 : 8, Q: quick ? Math.min(Q, S / 512) : Q, S: S / (quick ? 512 : 1), D: 128 }, kernels);
  return [
    ...square(4, 16, 16, 4096, 128), ...square(1, 16, 16, 16_384, 128), ...square(16, 32, 8, 8192, 128), ...square(4, 32, 32, 4096, 64), ...square(4, 16, 16, 4096, 256),
    ...[128, 64].flatMap((D) => mods({ B: quick ? 1 : 4, H: quick ? 2 : 16, S: 4096 / s, D })),
    decode(1, 32, 8, 1, 131_072), decode(8, 32, 8, 1, 32_768), decode(1, 32, 8, 8, 131_072), decode(1, 32, 8, 16, 131_072), decode(1, 8, 1, 256, 131_072), decode(1, 64, 8, 512, 131_072),
    ...summed(1, 131_072, 'lastColumns'), ...summed(8, 131_072, 'fewColumns'), ...summed(8192, 8192, 'tailColumns', 'allColumns'),
    eviction({ chunks: quick ? 2 : 16, H: 32, KV: 8, S: 8192 / s, rows: 8, keep: quick ? 60 : 4000 }),
    matmul('8192³', 8192 / s, 8192 / s, 8192 / s), matmul('q, k and v of Llama 3 8B', 8192 / s, 6144 / s, 4096 / s), matmul('o of Llama 3 8B', 8192 / s, 4096 / s, 4096 / s), matmul('down of Llama 3 8B', 8192 / s, 4096 / s, 14_336 / s),
    swiglu(8192 / s, 14_336 / s, 4096 / s), rmsNorm(8192 / s, 4096 / s), rotated(8192 / s, 32, 4096 / s, false),
    matmul('o of Llama 3 8B', 1, 4096 / s, 4096 / s), swiglu(1, 14_336 / s, 4096 / s), normSwiglu(1, 14_336 / s, 4096 / s), rotated(1, 48, 4096 / s, true, 40), matmul('down of Llama 3 8B', 1, 4096 / s, 14_336 / s), nll(512 / s, 4096 / s, 128_256 / s),
  ];
}

function attention(group: 'attention' | 'decode', { B, H, KV, Q, S, D }: Heads, causal: boolean): GpuWork {
  const r = H / KV;
  return {
    id: `d${D} B${B} H${KV === H ? H : `${H}/${KV}`} ${Q === S ? S : `${Q} × ${S}`}${Q === S ? (causal ? ' causal' : ' full') : ''}`, group, kernels: 'test',
    flops: 4 * B * H * Q * S * D * (causal ? 0.5 : 1), bytes: 2 * D * (2 * B * H * Q + 2 * B * KV * S), peer: { kind: 'attention', B, H, KV, Q, S, D, causal },
    prepare: ({ launch, normal, empty }) => {
      const [q, k, v] = [normal('bf16', [B, Q, KV, r, D]), normal('bf16', [B, S, KV, D]), normal('bf16', [B, S, KV, D])];
      const results = { o: empty('bf16', [B, Q, KV, r, D]), lse: empty('f32', [B, Q, KV, r]) };
      return () => launch(causal ? 'causalAttention' : 'fullAttention', { q, k, v, scale: D ** -0.5 }, results);
    },
  };
}

/** Which rows' shares are summed per key: the only one's, all eight's, the last eight's of many, those of all. */
type Summing = 'lastColumns' | 'fewColumns' | 'tailColumns' | 'allColumns';

/** The last rows of a sequence, each seeing the keys up to its own: outputs alone, and with what rows together pay to each key. */
function columns({ B, H, KV, Q, S, D }: Heads, kernels: readonly Summing[]): readonly GpuWork[] {
  const r = H / KV;
  return [undefined, ...kernels].map((kernel) => ({
    id: `H${H}/${KV} ${Q} × ${S}${kernel === undefined ? '' : ` with ${kernel}`}`, group: 'columns', kernels: 'test',
    flops: 4 * B * H * Q * (S - (Q - 1) / 2) * D, bytes: 2 * D * (2 * B * H * Q + 2 * B * KV * S) + (kernel === undefined ? 0 : 4 * B * H * S),
    peer: { kind: 'columns', B, H, KV, Q, S, D, rows: kernel === undefined ? 0 : kernel === 'tailColumns' ? Math.min(8, Q) : Q },
    prepare: ({ launch, normal, empty }) => {
      const [q, k, v] = [normal('bf16', [B, Q, KV, r, D]), normal('bf16', [B, S, KV, D]), normal('bf16', [B, S, KV, D])];
      const results = { o: empty('bf16', [B, Q, KV, r, D]), lse: empty('f32', [B, Q, KV, r]), ...(kernel === undefined ? {} : { column: empty('f32', [B, KV, r, S]) }) };
      return () => launch(kernel ?? 'endCausalAttention', { q, k, v, scale: D ** -0.5 }, results);
    },
  }));
}

interface Eviction { readonly chunks: number; readonly H: number; readonly KV: number; readonly S: number; readonly rows: number; readonly keep: number }

/** All chunks in one batch: scores of the last rows, pool, top-k, rows of K and V. The rows' log-sum-exp is what the chunks' own attention leaves. */
function eviction({ chunks, H, KV, S, rows, keep }: Eviction): GpuWork {
  const D = 128;
  return {
    id: `${chunks} chunks × ${KV} KV heads × ${S} keys to ${keep}`, group: 'eviction', kernels: 'shipped',
    flops: 2 * chunks * H * rows * S * D, bytes: 2 * chunks * KV * D * (S + 4 * keep), peer: { kind: 'evict', B: chunks, H, KV, S, D, rows, keep },
    prepare: ({ launch, normal, empty, whole }) => {
      const starts = (each: number): DeviceTensor => whole(Array.from({ length: chunks + 1 }, (_, i) => i * each));
      const [ofQ, ofK, ofN] = [starts(rows), starts(S), starts(keep)];
      const [q, lse] = [normal('bf16', [chunks * rows, KV, H / KV, D]), normal('f32', [chunks * rows, KV, H / KV])];
      const [k, v] = [normal('bf16', [chunks * S, KV, D]), normal('bf16', [chunks * S, KV, D])];
      const [score, pooled, index] = [empty('f32', [KV, chunks * S]), empty('f32', [KV, chunks * S]), empty('i32', [KV, chunks * keep])];
      const [keys, values] = [empty('bf16', [chunks * keep, KV, D]), empty('bf16', [chunks * keep, KV, D])];
      return () => {
        launch('tailScore', { q, k, lse, scale: D ** -0.5, rows, 'offsets.q': ofQ, 'offsets.k': ofK }, { out: score }, { q: rows, k: S });
        launch('pool', { score, lo: 0, behind: 0, sure: 0, 'offsets.k': ofK }, { out: pooled }, { j: 7, k: S });
        launch('selectTokens', { score: pooled, 'offsets.k': ofK, 'offsets.n': ofN }, { out: index }, { k: S, n: keep });
        launch('compact', { k, v, index, 'offsets.k': ofK, 'offsets.n': ofN }, { keys, values }, { k: S, n: keep });
      };
    },
  };
}

/** A product of one row reads its matrix: its rate is that of memory. */
const productsOf = (m: number): WorkGroup => (m === 1 ? 'row' : 'matmul');

const matmul = (title: string, m: number, n: number, k: number): GpuWork => ({
  id: `matmul ${title}, ${m} × ${n} × ${k}`, group: productsOf(m), kernels: 'shipped', flops: 2 * m * n * k, bytes: 2 * (m * k + n * k + m * n), peer: { kind: 'matmul', m, n, k },
  prepare: ({ launch, normal, empty }) => {
    const [x, w, out] = [normal('bf16', [m, k]), normal('bf16', [n, k]), empty('bf16', [m, n])];
    return () => launch('linear', { x, w }, { out });
  },
});

const swiglu = (m: number, n: number, k: number): GpuWork => ({
  id: `gate and up of Llama 3 8B, ${m} × 2 · ${n} × ${k}`, group: productsOf(m), kernels: 'shipped', flops: 4 * m * n * k, bytes: 2 * (m * k + 2 * n * k + m * n), peer: { kind: 'swiglu', m, n, k },
  prepare: ({ launch, normal, empty }) => {
    const [x, gate, up, out] = [normal('bf16', [m, k]), normal('bf16', [n, k]), normal('bf16', [n, k]), empty('bf16', [m, n])];
    return () => launch('swiglu', { x, gate, up }, { out });
  },
});

const normSwiglu = (m: number, n: number, k: number): GpuWork => ({
  id: `norm, gate and up of Llama 3 8B, ${m} × 2 · ${n} × ${k}`, group: productsOf(m), kernels: 'shipped', flops: 4 * m * n * k, bytes: 2 * (2 * m * k + 2 * n * k + m * n), peer: { kind: 'norm_swiglu', m, n, k },
  prepare: ({ launch, normal, empty }) => {
    const [x, gain, gate, up, out] = [normal('f32', [m, k]), normal('bf16', [k]), normal('bf16', [n, k]), normal('bf16', [n, k]), empty('bf16', [m, n])];
    return () => launch('normSwiglu', { x, gain, eps: 1e-5, gate, up }, { out });
  },
});

/** Heads of 128, of which the first `turning` are turned; with the norm in front or without. */
const rotated = (m: number, heads: number, k: number, norm: boolean, turning = heads): GpuWork => ({
  id: `${norm ? 'norm, ' : ''}${turning < heads ? 'q, k, v' : 'q'} and rope of Llama 3 8B, ${m} × ${heads} · 128 × ${k}`, group: productsOf(m), kernels: 'shipped',
  flops: 2 * m * heads * 128 * k, bytes: (norm ? 4 : 2) * m * k + 2 * heads * 128 * (k + m), peer: { kind: 'linear_rope', m, heads, d: 128, k, norm, turning },
  prepare: ({ launch, normal, empty }) => {
    const [x, gain, w, out] = [normal(norm ? 'f32' : 'bf16', [m, k]), normal('bf16', [k]), normal('bf16', [heads, 2, 64, k]), empty('bf16', [m, heads, 2, 64])];
    const [cos, sin] = [normal('f32', [m, 64]), normal('f32', [m, 64])];
    return norm ? () => launch('normLinearRope', { x, gain, eps: 1e-5, w, turning, cos, sin }, { out }) : () => launch('linearRope', { x, w, cos, sin }, { out });
  },
});

const rmsNorm = (rows: number, e: number): GpuWork => ({
  id: `rmsNorm ${rows} × ${e}`, group: 'rows', kernels: 'shipped', flops: 4 * rows * e, bytes: 6 * rows * e, peer: { kind: 'rms_norm', rows, e },
  prepare: ({ launch, normal, empty }) => {
    const [x, gain, out] = [normal('f32', [rows, e]), normal('bf16', [e]), empty('bf16', [rows, e])];
    return () => launch('rmsNorm', { x, gain, eps: 1e-5 }, { out });
  },
});

const nll = (rows: number, e: number, t: number): GpuWork => ({
  id: `NLL of ${rows} rows, ${e} × ${t}`, group: 'rows', kernels: 'shipped', flops: 2 * rows * e * t, bytes: 2 * (rows * e + t * e), peer: { kind: 'nll', rows, e, t },
  prepare: ({ launch, normal, empty, whole }) => {
    const [h, w, out] = [normal('bf16', [rows, e]), normal('bf16', [t, e]), empty('f32', [rows])];
    const target = whole(Array.from({ length: rows }, (_, i) => (i * 7919) % t));
    return () => launch('queryNll', { h, w, target }, { out });
  },
});
