import type { ts } from 'ts-morph';
import type { Span } from '../../dsl/span.js';
import type { Lengths } from './lengths.js';
import { placeOf, quote } from './place.js';
import { firstAssignment, type Project } from './resolve.js';
import type { FunctionNode, Scope, Value } from './values.js';

/** Where reading stands: what is in scope, which calls it is inside of, and what one variant of a kernel knows. */
export interface Here {
  readonly project: Project;
  readonly lengths: Lengths;
  /** Module-level constants read so far; 'reading' while one is being read. */
  readonly modules: Map<ts.Node, Value | 'reading'>;
  readonly scope: Scope | undefined;
  readonly call: Call | undefined;
}
/** `place` stands for every node made inside the language's own functions: the author's line that called them. */
export interface Call { readonly node: FunctionNode; readonly place: Span | undefined; readonly outer: Call | undefined }

/** Thrown where a value that failed before is read again: already reported. */
export const alreadyReported = new Error('a value that failed was read again');

/** The span of a node: its own place, or the author's line while inside a library function. */
export const spanOf = (node: ts.Node, here: Here, binding?: string): Span =>
  here.call?.place ? { ...here.call.place, binding } : placeOf(node, here.project.root, binding);

/** Where a variable is declared and where it changes, as notes. */
export const changes = (node: ts.VariableDeclaration, here: Here): readonly string[] => {
  const assignment = firstAssignment(node, here.project.checker);
  const { root } = here.project;
  return [`declared at ${quote(placeOf(node, root))}`, ...(assignment ? [`assigned at ${quote(placeOf(assignment, root))}: ${placeOf(assignment, root).text}`] : [])];
};
