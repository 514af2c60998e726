/** The file from which `callee`, which is running, was called: the first frame of the stack above it. Undefined where the engine does not say. */
export function callerFile(callee: (...args: never[]) => unknown): string | undefined {
  const holder: { readonly stack?: string } = {};
  Error.captureStackTrace?.(holder, callee);
  return fileOfFrame(holder.stack?.split('\n').find((line) => line.startsWith('    at ')) ?? '');
}

/** `    at name (file:///a/b.ts?v=1:3:18)` → `/a/b.ts`. */
export function fileOfFrame(frame: string): string | undefined {
  const [, url = '', path] = /(?:\(|at (?:async )?)(file:\/\/)?((?:[A-Za-z]:)?[\\/][^()]*?)(?:\?[^:]*)?:\d+:\d+\)?$/.exec(frame) ?? [];
  return path !== undefined && url !== '' ? decodeURIComponent(path) : path;
}
