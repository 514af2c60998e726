import type { Target } from '../targets/target.js';
import type { TileKernel } from '../tile/ir.js';
import { textOf, writer, type Line } from './writer.js';

/** One generated file: its path under kernels-generated/, its text, and for every line of it the source it came from. */
export interface EmittedFile { readonly path: string; readonly text: string; readonly lines: readonly Line[] }

/** All launches of all variants of the DSL kernel `name` for one target, in the order given. */
export function emitFile(target: Target, name: string, launches: readonly TileKernel[]): EmittedFile {
  const out = writer();
  const files = [...new Set(launches.map((l) => l.file))];
  out.line(`// ${name}, ${target.name}. From ${files.join(', ')} by \`warpfold compile\`; do not edit.`);
  target.preamble.forEach((l) => out.line(l));
  for (const launch of launches) {
    out.gap();
    target.launch(launch, out);
  }
  return { path: target.path(name), text: textOf(out.lines()), lines: out.lines() };
}
