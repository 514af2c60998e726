const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** A bar of `share` (0 to 1) of `width` characters, to an eighth of a character. What is longer ends in an arrow. */
export function bar(share: number, width: number): string {
  if (!Number.isFinite(share) || share <= 0) return '';
  if (share > 1) return `${'█'.repeat(width - 1)}▶`;
  const parts = Math.round(share * width * 8);
  return `${'█'.repeat(Math.floor(parts / 8))}${eighths[parts % 8] ?? ''}`;
}

/** Seconds as people read them: three digits and a unit. */
export function secondsText(seconds: number): string {
  const [scale, unit] = seconds < 1e-3 ? [1e6, 'µs'] as const : seconds < 1 ? [1e3, 'ms'] as const : [1, 's'] as const;
  const x = seconds * scale;
  return `${x.toFixed(x < 10 ? 2 : x < 100 ? 1 : 0)} ${unit}`;
}
