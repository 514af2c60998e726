import type { Axis } from '../../../dsl/expr.js';
import { arg, scalarChildren, type Scalar } from '../../../dsl/scalar.js';
import { dimensions, type Emission } from '../../emit/emission.js';
import { scalarText, type Binding, type Leaves } from '../../emit/scalar.js';
import type { Copy, Tile, TileAxis, TileMap } from '../../tile/ir.js';
import { definition, elementOf, loopHead, loops } from './elements.js';
import type { Placement } from './placement.js';
import type { Row } from './rows.js';
import { narrow, positionOf, tileType } from '../common/elements.js';

/**
 * Loops over the tile; what does not change along the innermost axis stands before its loop. In a `row`, the loop over the
 * outermost axis is already open.
 */
export function printMap(s: TileMap, e: Emission, at: Placement, row?: Row): void {
  const axes = dimensions(s.dst);
  const inner = axes.at(-1);
  loops(e, axes.slice(row ? 1 : 0, -1), e.valid, () => {
    const fixed = inner === undefined ? new Map<Tile, string>() : hoisted(s, inner.axis, e, row ?? { hoisted: new Map(), stale: new Set() });
    const text = textOf(s, fixed, e);
    const before = text.bindings.filter((b) => inner === undefined || !varies(b.value, inner.axis, s.args));
    before.forEach((b) => e.line(declaration(b)));
    const inside = text.bindings.filter((b) => !before.includes(b));
    if (inner === undefined) return e.line(`${definition(s.dst, e, at)} = ${text.text};`);
    innerLoop(e, inner, [...inside.map(declaration), `${elementOf(e, s.dst)} = ${text.text};`]);
  });
}

/** A copy is the map that returns its operand. */
export const printCopy = (s: Copy, e: Emission, at: Placement, row?: Row): void =>
  printMap({ kind: 'map', dst: s.dst, fn: arg(0, s.span), args: [s.src], span: s.span }, e, at, row);

/** A vectorised loop in whole vectors: what lies beyond the axis may be anything. */
export function innerLoop(e: Emission, a: TileAxis, body: readonly string[]): void {
  const bound = e.wide(a);
  e.line('#pragma omp simd');
  const [only] = body;
  if (body.length === 1 && only !== undefined) return e.line(`${loopHead(e, a, bound)} ${only}`);
  e.scope(() => loopHead(e, a, bound), [], () => body.forEach((l) => e.line(l)));
}

const declaration = (b: Binding): string => `const ${b.type} ${b.name} = ${b.text};`;

function textOf(s: TileMap, fixed: ReadonlyMap<Tile, string>, e: Emission): { readonly bindings: readonly Binding[]; readonly text: string } {
  const own = new Set(dimensions(s.dst).map((a) => a.axis));
  const operand = (i: number): Tile => {
    const t = s.args[i];
    if (!t) throw new Error(`emit: a map reads operand ${i} of ${s.args.length}`);
    return t;
  };
  const leaves: Leaves = {
    arg: (i) => fixed.get(operand(i)) ?? elementOf(e, operand(i)),
    argIsInteger: (i) => operand(i).dtype === 'i32',
    pos: (axis) => positionOf(e, axis, own.has(axis) ? e.index(axis) : undefined) ?? '0',
    size: (axis) => e.length(axis),
  };
  const { bindings, text } = scalarText(s.fn, leaves, tileType(s.dst.dtype), e.fresh);
  return { bindings, text: narrow(s.dst.dtype) ? `rounded<${s.dst.dtype}>(${text})` : text };
}

/** Names for the elements of operands that do not have the innermost axis; `row`: those that have a name already. */
function hoisted(s: TileMap, inner: Axis, e: Emission, row: Row): ReadonlyMap<Tile, string> {
  const constant = [...new Set(s.args)].filter((t) => dimensions(t).length > 0 && dimensions(t).every((a) => a.axis !== inner));
  return new Map(constant.map((t) => {
    const known = row.hoisted.get(t);
    const name = known ?? (row.stale.has(t) ? e.fresh(`${t.name}Row`) : e.row(t));
    if (known === undefined) e.line(`const ${tileType(t.dtype)} ${name} = ${elementOf(e, t)};`);
    row.hoisted.set(t, name);
    return [t, name];
  }));
}

function varies(s: Scalar, inner: Axis, args: readonly Tile[], seen = new Set<Scalar>()): boolean {
  if (seen.has(s)) return false;
  seen.add(s);
  if (s.kind === 'pos') return s.axis === inner;
  if (s.kind === 'arg') return args[s.index]?.shape.some((a) => a.axis === inner && a.size > 1) ?? false;
  return scalarChildren(s).some((c) => varies(c, inner, args, seen));
}
