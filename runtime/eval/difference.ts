/** Where two pieces of plain data differ, and what stands there in each. */
export interface Difference { readonly path: readonly string[]; readonly was: string; readonly is: string }

/** The first place in which two pieces of plain data differ; undefined where they are alike. `path` leads to them. */
export function firstDifference(a: unknown, b: unknown, path: readonly string[] = []): Difference | undefined {
  if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = firstDifference(a[key], b[key], [...path, key]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return Object.is(a, b) ? undefined : { path, was: shown(a), is: shown(b) };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
