import type { BlockId, NativeThread } from './addon.js';

/**
 * Memory that the steps of one launch hand each other. A launch takes its own and gives it back. The launches of a recording
 * keep theirs for as long as it lives, but run in order, so they share it.
 */
export interface Scratch {
  take(bytes: number): BlockId;
  give(block: BlockId): void;
  /** From here to `endSharing`, what is given is taken again first. */
  beginSharing(): void;
  endSharing(): void;
}

/** Scratch on one device. */
export function createScratch(thread: NativeThread): Scratch {
  let shared: Map<BlockId, number> | undefined;
  const idle = new Set<BlockId>();

  /** The smallest idle block that holds so much. */
  const idleBlock = (bytes: number): BlockId | undefined => {
    const fitting = [...idle].filter((block) => (shared?.get(block) ?? 0) >= bytes);
    return fitting.sort((a, b) => (shared?.get(a) ?? 0) - (shared?.get(b) ?? 0))[0];
  };
  return {
    take(bytes) {
      const block = idleBlock(bytes) ?? thread.allocate(bytes);
      idle.delete(block);
      if (shared !== undefined && !shared.has(block)) shared.set(block, bytes);
      return block;
    },
    give(block) {
      if (shared?.has(block)) idle.add(block);
      else thread.free(block);
    },
    beginSharing() { shared = new Map(); },
    endSharing() {
      for (const block of idle) thread.free(block);
      idle.clear();
      shared = undefined;
    },
  };
}
