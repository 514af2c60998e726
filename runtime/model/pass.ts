import type { DeviceTensor } from '../device.js';
import type { KvLayer } from '../kvCache.js';
import type { RopeRows } from './rope.js';

/** Some rows through all layers. */
export interface Pass {
  readonly ids: readonly number[] | Int32Array;
  /** Angles of exactly these rows' positions. */
  readonly rope: RopeRows;
  readonly rows: Sequence | Packed | Encoded | Behind;
  /** Where a layer's K and V live: of a sequence behind the first rows, else from the first row on; of rows behind others all of them together. */
  readonly cache: (layer: number) => KvLayer;
  /** How many layers may be queued behind the one that runs; a long pass sets it, so that an abort is heard in time. All, unless said. */
  readonly ahead?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
/** Consecutive rows of one sequence. `first` rows stand in the cache before these; all rows see them, among themselves the rows are causal. The last layer computes the rows from `outputFrom` on. */
export interface Sequence { readonly kind: 'sequence'; readonly first: number; readonly outputFrom: number }
/** Sequences behind each other that do not see one another, each from its first row on. The last layer computes some of their last rows. */
export interface Packed {
  readonly kind: 'packed';
  readonly parts: Parts;
  readonly outputs: Outputs;
  /** Called when a layer's launches are queued, with what its attention saw. */
  readonly afterLayer: (layer: number, seen: Attended) => void;
}
/** Sequences behind each other of which K and V alone are wanted: the last layer computes nothing else. `afterLayer` is called when those of a layer are queued. */
export interface Encoded { readonly kind: 'encoded'; readonly parts: Parts; readonly afterLayer?: ((layer: number, cache: KvLayer) => void) | undefined }
/** The last rows of some sequences, behind rows whose K and V are known. The last layer computes them all. */
export interface Behind {
  readonly kind: 'behind';
  readonly parts: Parts;
  /** K and V of the rows before, maybe of more than come before, and where those of the pass's own rows go. */
  readonly before: (layer: number) => KvLayer;
  readonly beforeParts: Parts;
  readonly own: KvLayer;
  /** All rows of the sequences together. */
  readonly all: Parts;
  readonly count: number;
  /** Called when a layer's launches are queued, with what its attention saw. */
  readonly afterLayer: (layer: number, seen: Attended) => void;
}
/** How packed rows fall into parts: i32 prefix sums, the last row of each part, and the length of the longest. */
export interface Parts { readonly offsets: DeviceTensor; readonly last: DeviceTensor; readonly longest: number }
/** Rows of a pass by their numbers, their angles, and the parts they form. */
export interface Outputs { readonly rows: DeviceTensor; readonly rope: RopeRows; readonly parts: Parts }
/** Queries [rows, g, r, d] after RoPE and their log-sum-exp [rows, g, r], the last rows of each of their parts, and the layer's cache; valid until the next layer. */
export interface Attended { readonly q: DeviceTensor; readonly lse: DeviceTensor; readonly parts: Parts; readonly cache: KvLayer }
