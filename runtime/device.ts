import type { DType } from '../dsl/dtype.js';

/** Memory of one device seen as a contiguous tensor, outermost axis first. Views share the memory of their owner. */
export interface DeviceTensor<D extends DType = DType> extends Disposable {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly byteLength: number;
  /** Rows [from, to) of the outermost axis, as a view. */
  slice(from: number, to: number): DeviceTensor<D>;
  /** The same elements under another shape of equal size, as a view. */
  reshape(shape: readonly number[]): DeviceTensor<D>;
}

/**
 * What a launch is given: tensors by parameter name, numbers for scalar parameters, and under `offsets.<axis>` the i32
 * prefix sums of each ragged axis (first 0, last the number of packed rows). Where every tensor has its packed rows outermost,
 * offsets may begin later and end earlier: what lies outside is not read, and results keep it as it is.
 */
export type LaunchArgs = Readonly<Record<string, DeviceTensor | number>>;

/**
 * `allocatedBytes`: what live tensors hold. `peakBytes`: the most the device has held from the system at a time, blocks
 * kept for reuse included, adopted host memory excluded. `capacityBytes`: the most this device could hold, what others
 * hold at the moment taken off where it is known; absent where nothing is known.
 */
export interface DeviceStats { readonly allocatedBytes: number; readonly peakBytes: number; readonly capacityBytes?: number }

/**
 * Launches and copies that were recorded once, to be queued again and again: the same kernels, tensors, numbers and sizes.
 * What changes between replays must lie in tensors; lengths of ragged axes do, in their offsets. The memory of all tensors
 * used stays in place as long as the recording is not disposed, whether they are or not.
 */
export interface Recording extends Disposable {
  /** Queues the recorded work. */
  replay(): void;
}

/** When something ran, in milliseconds of performance.now(). `lane`: what runs one after the other. */
export interface Span { readonly lane: string; readonly name: string; readonly from: number; readonly to: number }
/** A trace that goes on. */
export interface DeviceTrace {
  /** Waits for what is queued, and gives what ran since the beginning: lanes `kernels` and `copies`, and on a GPU `files 1` and so on. */
  end(): Promise<readonly Span[]>;
}

/** A tensor's elements on the host. bf16, f16 and f8e4m3 come as their bits. */
export interface HostArrays { readonly f32: Float32Array; readonly i32: Int32Array; readonly bf16: Uint16Array; readonly f16: Uint16Array; readonly f8e4m3: Uint8Array }

/**
 * Where kernels run. Launches and copies are queued and run in order; only `read` and `sync` wait. `alloc` does not
 * clear. Every method throws a RuntimeError (codes R…) and leaves the device usable; only an error that ends a GPU's context
 * does not, and later calls say so with R023.
 */
export interface Device extends AsyncDisposable {
  readonly kind: 'cpu' | 'cuda' | 'emulator' | 'reference';
  /** One sentence for humans: which processor, how many threads, which instruction set. */
  readonly description: string;
  /** A tensor whose elements are not set; its memory is the device's. Throws R1xx where there is not enough. */
  alloc<D extends DType>(dtype: D, shape: readonly number[]): DeviceTensor<D>;
  /** Copies host bytes (of the tensor's dtype) into the tensor; the source may be reused when the call returns. */
  write(tensor: DeviceTensor, data: ArrayBufferView): void;
  /**
   * A tensor over read-only host memory such as a mapped weight file, without a copy where the device can, else a copy.
   * Several parts lie behind each other in it, always copied.
   */
  adopt<D extends DType>(dtype: D, shape: readonly number[], ...parts: readonly Uint8Array[]): DeviceTensor<D>;
  /**
   * Queues kernel `name` of the manifest. The variant follows from the tensors' dtypes and fixed sizes, dynamic sizes
   * from their shapes; `sizes` gives what no shape shows. A ragged axis and the axis it depends on are one dimension of
   * packed rows; `sizes` may give the longest (default: all rows). Shapes, dtypes and sizes are validated here, the
   * contents of offsets when the launch runs; on a GPU only where the host wrote them last, with `debug` always. A result
   * may share memory with no other argument.
   */
  launch(name: string, args: LaunchArgs, results: Readonly<Record<string, DeviceTensor>>, sizes?: Readonly<Record<string, number>>): void;
  /** Copies device rows: same dtype, same number of elements. */
  copy(dst: DeviceTensor, src: DeviceTensor): void;
  /** The tensor's elements once everything queued before has run; rejects where some of that failed. */
  read<D extends DType>(tensor: DeviceTensor<D>): Promise<HostArrays[D]>;
  /** Resolves when everything queued has run; rejects with the first failure since the last sync. */
  sync(): Promise<void>;
  /** Drops everything queued that has not started and rejects its reads and syncs with R017: abort between launches. What dropped work would have written is undefined. */
  cancel(): void;
  /** Seconds that what `work` queues takes on the device: by its clock on a CPU, by events on a GPU. Rejects where something queued before failed. */
  time(work: () => void): Promise<number>;
  /**
   * Begins to note when launches and copies run, on a GPU by its own clock: a replay is one of them. Where nothing is queued on a
   * processor, reads and writes are done at once and not noted.
   */
  trace(): DeviceTrace;
  /** The launches and copies that `work` makes, checked but not run. On a GPU a replay is one launch of all of them. */
  record(work: () => void): Recording;
  /** What the device holds now, and has held at most. */
  stats(): DeviceStats;
  /** Gives memory that no tensor holds back to the system, once everything queued has run. */
  trim(): void;
}
