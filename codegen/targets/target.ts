import type { TargetName } from '../../dsl/manifest.js';
import type { Machine } from '../schedule/machine.js';
import type { Writer } from '../emit/writer.js';
import type { TileKernel } from '../tile/ir.js';

/** Everything in which targets differ, for the passes that ask and for the text. */
export interface Target {
  readonly name: TargetName;
  /** The generated file under kernels-generated/ that holds all launches of a kernel. */
  readonly path: (kernel: string) => string;
  /** Who runs a block: one thread whose tiles stay in its caches, or warps that share tiles and need barriers. */
  readonly blockOf: 'caches' | 'warps';
  /** Whether warps of a block can have roles: a thread of one loads, others compute, with products of warpgroups or of their own. */
  readonly hasRoles: boolean;
  readonly machine: Machine;
  /** Bytes that the tiles of one block may fill together, and those that the tiles of a program do. */
  readonly tileLimit: number;
  readonly tileBytes: (kernel: TileKernel) => number;
  /** How many blocks of a program one processor runs at a time. */
  readonly blocksPerProcessor: (kernel: TileKernel) => number;
  /** Lines before the first launch: includes. */
  readonly preamble: readonly string[];
  /** Comment lines of the header and the text of one launch, each line with the span it came from. */
  readonly launch: (kernel: TileKernel, out: Writer) => void;
  /** What a launch needs of its device, as the manifest says it. On the CPU a block is one thread. */
  readonly needs: (kernel: TileKernel) => { readonly threads: number; readonly sharedBytes: number; readonly persistent?: true; readonly awaits?: true };
}
