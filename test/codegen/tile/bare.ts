import type { TileKernel, TileStmt } from '../../../codegen/tile/ir.js';

/** A launch that is nothing but statements, for passes that read no more of it. */
export const bareKernel = (body: readonly TileStmt[], more: Partial<Pick<TileKernel, 'tiles' | 'frame'>> & { readonly stages?: number } = {}): TileKernel => ({
  name: 'bare', file: 'bare.ts', summary: [], params: [], args: [], sizes: {}, grid: [], tiles: more.tiles ?? [], pipes: [], frame: more.frame, body,
  schedule: { block: {}, warps: 4, blocksPerProcessor: 1, stages: more.stages ?? 1, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false },
});
