import type { Line } from './writer.js';

/** Where the compiler of the text believes the next line to stand. */
interface Position { readonly file: string; readonly line: number }

/**
 * `e0 += 1;` from linear.ts:9 → `#line 9 "linear.ts"` before it, so that compilers, debuggers and profilers speak of the
 * author's line. Lines without an origin keep their own place in the generated file, which is called `path`.
 */
export function withLineDirectives(lines: readonly Line[], path: string): readonly Line[] {
  const out: Line[] = [];
  let next: Position | undefined;
  for (const l of lines) {
    if (/^\s*(\/\/|$)/.test(l.text)) {
      // Nothing is compiled from it.
      out.push(l);
      next = next && { ...next, line: next.line + 1 };
      continue;
    }
    const own = l.span !== undefined && l.span.line > 0 ? l.span : undefined;
    if (own ? next?.file !== own.file || next.line !== own.line : next?.file !== path) {
      out.push({ text: `#line ${own?.line ?? out.length + 2} ${quoted(own?.file ?? path)}`, span: undefined });
    }
    out.push(l);
    next = own ? { file: own.file, line: own.line + 1 } : { file: path, line: out.length + 1 };
  }
  return out;
}

const quoted = (path: string): string => `"${path.replace(/[\\"]/g, '\\$&')}"`;
