/** Operations that a machine does while it moves a byte of memory: on 16-bit operands of products, and on all others. */
export interface Machine { readonly halves: number; readonly whole: number }

/** Cores behind caches. */
export const cores: Machine = { halves: 10, whole: 10 };
/** Multiprocessors, whose tensor cores take 16-bit operands. */
export const multiprocessors: Machine = { halves: 200, whole: 20 };
