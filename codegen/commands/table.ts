/** Rows in columns as wide as their widest cell, two spaces apart, under a head. Numbers stand right. */
export function inTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const right = head.map((_, i) => rows.length > 0 && rows.every((row) => /^[\d.,]+( \S+)?$/.test(row[i] ?? '')));
  const line = (row: readonly string[]): string => row.map((cell, i) => (right[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ').trimEnd();
  return `${all.map(line).join('\n')}\n`;
}
