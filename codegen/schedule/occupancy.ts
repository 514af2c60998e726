/** What a multiprocessor has to share among the blocks that it runs at a time. Shared memory in bytes, per multiprocessor and per block. */
export interface Processor {
  readonly registers: number;
  readonly warps: number;
  readonly blocks: number;
  readonly sharedBytes: number;
  readonly sharedBytesOfBlock: number;
}
/** What one block asks for: its threads, registers of each, and shared memory in bytes, static and dynamic. */
export interface BlockDemand { readonly threads: number; readonly registers: number; readonly sharedBytes: number }
/** What a multiprocessor may run out of first. */
export type Limit = 'registers' | 'shared memory' | 'warps' | 'blocks';
/** Blocks and warps that a multiprocessor runs at a time, the share of its warps (0 to 1), and all that allows no further block. No blocks: the launch is refused. */
export interface Occupancy { readonly blocks: number; readonly warps: number; readonly share: number; readonly limitedBy: readonly Limit[] }

const processor = (sharedKiB: number): Processor => ({ registers: 65536, warps: 64, blocks: 32, sharedBytes: sharedKiB * 1024, sharedBytesOfBlock: (sharedKiB - 1) * 1024 });

/** By architecture without its suffix; figures of the CUDA programming guide, table of compute capabilities. */
const processors: Readonly<Record<string, Processor>> = { sm_80: processor(164), sm_90: processor(228) };

/** The multiprocessor of an architecture as nvcc names it (`sm_90a` too); undefined for one that we know no figures of. */
export const processorOf = (arch: string): Processor | undefined => processors[arch.replace(/[a-z]$/, '')];

/** Threads of a warp, and of a block at most; registers of a thread at most. */
export const warpThreads = 32;
export const blockThreads = 1024;
export const threadRegisters = 255;
/** A warp's registers come in portions from the quarter of the multiprocessor that runs it; shared memory in portions, after what CUDA keeps of it for itself. */
const registerPortion = 256;
const quarters = 4;
const sharedPortion = 128;
const sharedReserved = 1024;

/** How much of a multiprocessor the blocks of one launch can fill: NVIDIA's rules of occupancy. */
export function occupancy(block: BlockDemand, of: Processor): Occupancy {
  const warps = Math.ceil(block.threads / warpThreads);
  const room: Readonly<Record<Limit, number>> = {
    registers: blocksByRegisters(warps, block.registers, of),
    'shared memory': block.sharedBytes > of.sharedBytesOfBlock ? 0 : Math.floor(of.sharedBytes / (up(block.sharedBytes, sharedPortion) + sharedReserved)),
    warps: block.threads > blockThreads ? 0 : Math.floor(of.warps / warps),
    blocks: of.blocks,
  };
  const blocks = Math.min(...Object.values(room));
  const limits: readonly Limit[] = ['registers', 'shared memory', 'warps', 'blocks'];
  return { blocks, warps: blocks * warps, share: (blocks * warps) / of.warps, limitedBy: limits.filter((l) => room[l] === blocks) };
}

/** The launch itself is checked as if every quarter had to hold equally many warps of the block. */
function blocksByRegisters(warps: number, registers: number, of: Processor): number {
  const ofWarp = up(registers * warpThreads, registerPortion);
  if (registers > threadRegisters || ofWarp * up(warps, quarters) > of.registers) return 0;
  return ofWarp === 0 ? of.blocks : Math.floor((Math.floor(of.registers / quarters / ofWarp) * quarters) / warps);
}

/** Registers that ptxas may give a thread where it is told how many threads a block has: as many as let one block run. */
export function registersWithin(threads: number, of: Processor): number {
  const ofWarp = of.registers / up(Math.ceil(threads / warpThreads), quarters);
  return Math.min(threadRegisters, Math.floor(Math.floor(ofWarp / registerPortion) * registerPortion / warpThreads));
}

const up = (n: number, to: number): number => Math.ceil(n / to) * to;
