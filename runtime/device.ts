import type { DType } from '../dsl/dtype.js';

/** Memory of one device seen as a contiguous tensor, outermost axis first. Views share the memory of their owner. */
export interface DeviceTensor extends Disposable {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly byteLength: number;
  /** Rows [from, to) of the outermost axis, as a view. */
  slice(from: number, to: number): DeviceTensor;
  /** The same elements under another shape of equal size, as a view. */
  reshape(shape: readonly number[]): DeviceTensor;
}

/** What a launch is given: tensors by parameter name, numbers for scalar parameters. */
export type LaunchArgs = Readonly<Record<string, DeviceTensor | number>>;

export interface DeviceStats { readonly allocatedBytes: number; readonly peakBytes: number }

/**
 * Where kernels run. Launches and copies are queued and run in order; only `read` and `sync` wait. `alloc` does not
 * clear. Every method throws a RuntimeError (codes R…) and leaves the device usable.
 */
export interface Device extends AsyncDisposable {
  readonly kind: 'cpu' | 'cuda' | 'reference';
  /** One sentence for humans: which processor, how many threads, which instruction set. */
  readonly description: string;
  alloc(dtype: DType, shape: readonly number[]): DeviceTensor;
  /** Copies host bytes (of the tensor's dtype) into the tensor; the source may be reused when the call returns. */
  write(tensor: DeviceTensor, data: ArrayBufferView): void;
  /** A tensor over read-only host memory such as a mapped weight file, without a copy where the device can, else a copy. */
  adopt(dtype: DType, shape: readonly number[], bytes: Uint8Array): DeviceTensor;
  /**
   * Queues kernel `name` of the manifest. The variant follows from the tensors' dtypes and fixed sizes, dynamic sizes
   * from their shapes; `sizes` gives what no shape shows. Shapes, dtypes and sizes are validated here.
   */
  launch(name: string, args: LaunchArgs, results: Readonly<Record<string, DeviceTensor>>, sizes?: Readonly<Record<string, number>>): void;
  /** Copies device rows: same dtype, same number of elements. */
  copy(dst: DeviceTensor, src: DeviceTensor): void;
  /** The tensor's bytes once everything queued before has run. bf16 and f16 come as Uint16Array. */
  read(tensor: DeviceTensor): Promise<Float32Array | Int32Array | Uint16Array>;
  /** Resolves when everything queued has run; rejects with the first failure since the last sync. */
  sync(): Promise<void>;
  stats(): DeviceStats;
}
