import type { Zone, ZoneRange } from './options.js';

/** The paper's mix scaled to depth: quarter 1 middle, quarter 2 recent, quarter 4 sink; empty quarters fall away. */
export function paperMix(numLayers: number): readonly ZoneRange[] {
  const quarter = (i: number): number => Math.floor((i * numLayers) / 4);
  const ranges: readonly ZoneRange[] = [
    { from: 0, to: quarter(1) - 1, zone: 'middle' },
    { from: quarter(1), to: quarter(2) - 1, zone: 'recent' },
    { from: quarter(3), to: numLayers - 1, zone: 'sink' },
  ];
  return ranges.filter((r) => r.from <= r.to);
}

const bits: Readonly<Record<Zone, number>> = { sink: 1, recent: 2, middle: 4 };

/** The zones calibrated in a layer, as the bits that kernel `hotKeys` takes; 0 where there are none. */
export function zonesOf(calibration: readonly ZoneRange[], layer: number): number {
  return calibration.reduce((zones, r) => (r.from <= layer && layer <= r.to ? zones | bits[r.zone] : zones), 0);
}
