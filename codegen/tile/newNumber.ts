import type { Tile, TileKernel } from './ir.js';

/** A tile for one whole number, called as wanted or, where a tile or parameter has that name, with a number behind it; it joins `tiles`. */
export function newNumber(wanted: string, tiles: Tile[], { params }: TileKernel): Tile {
  const taken = (name: string): boolean => tiles.some((t) => t.name === name) || params.some((p) => p.name === name);
  let name = wanted;
  for (let i = 2; taken(name); i++) name = `${wanted}${i}`;
  const tile: Tile = { name, dtype: 'i32', shape: [], layout: 'array' };
  tiles.push(tile);
  return tile;
}
