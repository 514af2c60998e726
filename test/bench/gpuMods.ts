import type { DeviceTensor } from '../../runtime/device.js';
import type { Bench, GpuWork, PeerWork } from './gpuWorks.js';

/** `B` sequences of `S` positions, `H` heads of `D`. */
interface Shape { readonly B: number; readonly H: number; readonly S: number; readonly D: number }

/** A mask or a function of scores: its kernel, what that takes besides q, k, v and scale, and how it is asked of FlexAttention. */
interface Mod {
  readonly title: string;
  readonly kernel: 'softcap' | 'alibi' | 'slidingWindowMask' | 'documentMask' | 'prefixMask';
  /** Scores of a head that are not masked. */
  readonly visible: number;
  readonly numbers?: Readonly<Record<string, number>>;
  readonly tensors?: (bench: Bench) => Readonly<Record<string, DeviceTensor>>;
  readonly peer: PeerWork;
}

/** Scores of `n` rows that see the keys up to their own. */
const causalPairs = (n: number): number => (n * (n + 1)) / 2;

/** Lengths of a sequence's documents: five, unequal. */
const documentsOf = (S: number): readonly number[] => [1, 3, 2, 6, 4].map((sixteenths) => (sixteenths * S) / 16);
const documentPairs = (S: number): number => documentsOf(S).reduce((n, length) => n + causalPairs(length), 0);
const documentPeer = (S: number): PeerWork => ({ kind: 'flex', mod: 'document', size: S / 16 });

function modsOf({ H, S }: Shape): readonly Mod[] {
  const [cap, some] = [30, S / 4];
  const documents = documentsOf(S).flatMap((n, i) => Array.from({ length: n }, () => i));
  return [
    { title: `causal, soft-cap ${cap}`, kernel: 'softcap', visible: causalPairs(S), numbers: { cap }, peer: { kind: 'flex', mod: 'softcap', size: cap } },
    { title: 'causal, ALiBi', kernel: 'alibi', visible: causalPairs(S), tensors: ({ single }) => ({ slope: single(Array.from({ length: H }, (_, i) => 2 ** ((-8 * (i + 1)) / H)), [H, 1]) }), peer: { kind: 'flex', mod: 'alibi', size: 0 } },
    { title: `window ${some}`, kernel: 'slidingWindowMask', visible: causalPairs(some) + (S - some) * some, numbers: { width: some }, peer: { kind: 'flex', mod: 'window', size: some } },
    { title: 'documents by ids', kernel: 'documentMask', visible: documentPairs(S), tensors: ({ whole }) => ({ ofQuery: whole(documents), ofKey: whole(documents) }), peer: documentPeer(S) },
    { title: `prefix ${some}`, kernel: 'prefixMask', visible: causalPairs(S) + causalPairs(some - 1), numbers: { length: some }, peer: { kind: 'flex', mod: 'prefix', size: some } },
  ];
}

/**
 * Masks and functions of scores that FlexAttention's users write, against FlexAttention with the same and with its block mask. Documents
 * come twice: by ids, which no tile is left out for, and packed behind each other, as one writes them here.
 */
export function mods(shape: Shape): readonly GpuWork[] {
  const { B, H, S, D } = shape;
  const of = (title: string, visible: number, peer: PeerWork): Omit<GpuWork, 'prepare'> => ({
    id: `${title}, d${D} B${B} H${H} ${S}`, group: 'mods', kernels: 'test', flops: 4 * B * H * visible * D, bytes: 8 * B * H * S * D, peer: { ...peer, B, H, S, D },
  });
  return [...modsOf(shape).map(({ title, kernel, visible, numbers, tensors, peer }): GpuWork => ({
    ...of(title, visible, peer),
    prepare: (bench) => {
      const { launch, normal, empty } = bench;
      const [q, k, v] = [normal('bf16', [B, S, H, 1, D]), normal('bf16', [B, S, H, D]), normal('bf16', [B, S, H, D])];
      const results = { o: empty('bf16', [B, S, H, 1, D]), lse: empty('f32', [B, S, H, 1]) };
      const args = { q, k, v, scale: D ** -0.5, ...numbers, ...tensors?.(bench) };
      return () => launch(kernel, args, results);
    },
  })), { ...of('documents packed', documentPairs(S), documentPeer(S)), prepare: packedDocuments(shape) }];
}

const packedDocuments = ({ B, H, S, D }: Shape): GpuWork['prepare'] => ({ launch, normal, empty, whole }) => {
  const lengths = Array.from({ length: B }, () => documentsOf(S)).flat();
  const offsets = whole(lengths.reduce((all, n) => [...all, (all.at(-1) ?? 0) + n], [0]));
  const [q, k, v] = [normal('bf16', [B * S, H, 1, D]), normal('bf16', [B * S, H, D]), normal('bf16', [B * S, H, D])];
  const results = { o: empty('bf16', [B * S, H, 1, D]), lse: empty('f32', [B * S, H, 1]) };
  const longest = Math.max(...lengths);
  return () => launch('raggedAttention', { q, k, v, scale: D ** -0.5, 'offsets.q': offsets, 'offsets.k': offsets }, results, { q: longest, k: longest });
};
