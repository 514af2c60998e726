import type { SizeRule } from '../../dsl/definition.js';
import type { Axis } from '../../dsl/expr.js';
import type { Param, Tile, TileAxis, TileKernel } from '../tile/ir.js';
import { capital, indexName, names } from './names.js';
import { writer, type Line, type Writer } from './writer.js';

/** What the text of a launch calls things, where it stands, and what of it is really used. */
export interface Emission {
  readonly kernel: TileKernel;
  readonly line: (text: string) => void;
  readonly out: () => Writer;
  /** The name of a tile's extent: `D` for a whole fixed axis, else `BK`. */
  readonly extent: (a: TileAxis) => string;
  /** The length of an axis at this place. */
  readonly length: (axis: Axis) => string;
  /** The origin of an axis; undefined where it is 0. */
  readonly origin: (axis: Axis) => string | undefined;
  /** What the origin of an axis is called where it has one. */
  readonly originName: (axis: Axis) => string;
  /** How many positions of a window that starts at the origin lie on the axis. */
  readonly valid: (a: TileAxis) => string;
  /** The same rounded up to whole vectors, at most the window: how far an innermost loop may run. */
  readonly wide: (a: TileAxis) => string;
  /** How many positions of a window sums and products may run over: all of it where what lies beyond the axis changes nothing. */
  readonly reach: (a: TileAxis) => string;
  readonly index: (axis: Axis) => string;
  readonly param: (p: Param) => string;
  /** The first position of a packed ragged axis in memory, and how long the packed axis is. */
  readonly start: (axis: Axis) => string;
  readonly total: (axis: Axis) => string;
  readonly tile: (t: Tile) => string;
  /** The element of a tile that stays the same along an innermost loop. */
  readonly row: (t: Tile) => string;
  /** A local identifier that is not yet taken. */
  readonly fresh: (wanted: string) => string;
  /** `head {`, what the body asked to know about the axes that begin here, the body, `}` and `tail`. */
  readonly scope: (head: () => string, at: readonly Origin[], body: () => void, tail?: string) => void;
  readonly used: Used;
}
/** `padded`: what a window holds beyond the axis may be computed with. `aligned`: a window of `step` elements lies on the axis whole when the axis is a multiple of `step` long. */
export interface Origin { readonly axis: Axis; readonly step: number; readonly full: boolean; readonly padded?: boolean; readonly aligned: boolean }
/** Names that occur in the block, by what they mean; insertion order is order of first use. */
export interface Used {
  readonly params: ReadonlyMap<string, string>;
  readonly lengths: ReadonlyMap<Axis, string>;
  readonly offsets: ReadonlyMap<Axis, string>;
  readonly constants: ReadonlyMap<string, number>;
  readonly tiles: ReadonlyMap<Tile, string>;
}

interface Scope { readonly origins: ReadonlyMap<Axis, Origin>; readonly declared: Set<string>; readonly lines: string[] }

/** Names by first use; one name per key. */
function table<K>(make: (key: K) => string): { readonly map: Map<K, string>; readonly get: (key: K) => string } {
  const map = new Map<K, string>();
  return {
    map,
    get: (key) => {
      const known = map.get(key);
      if (known !== undefined) return known;
      const name = make(key);
      map.set(key, name);
      return name;
    },
  };
}

/** The state of printing one launch. */
export function emission(kernel: TileKernel): Emission {
  const local = names();
  const own = new Map(kernel.params.map((p) => [p.name, local.fresh(p.name)]));
  const origins = table<Axis>((a) => local.fresh(`${a}0`));
  const allLengths = table<Axis>((a) => local.fresh(`n${capital(a)}`));
  for (const axis of Object.keys(kernel.sizes)) {
    origins.get(axis);
    allLengths.get(axis);
  }
  const indexes = table<Axis>((a) => local.fresh(indexName(a)));
  const params = table<string>((name) => own.get(name) ?? broken(`no parameter '${name}'`));
  const lengths = table<Axis>((a) => allLengths.get(a));
  const offsets = table<Axis>((a) => local.fresh(`${a}Offsets`));
  const tiles = table<Tile>((t) => local.fresh(t.name, 's'));
  const rows = table<Tile>((t) => local.fresh(`${t.name}Row`));
  const constants = new Map<string, number>();
  const constantNames = table<string>((key) => local.fresh(key));
  const starts = table<Axis>((a) => local.fresh(`${a}Start`));
  const valids = table<string>((wanted) => local.fresh(wanted));
  const wides = table<string>((bound) => local.fresh(bound.replace('valid', 'wide')));
  const scopes: Scope[] = [];
  let out = writer();

  const ruleOf = (axis: Axis): SizeRule => kernel.sizes[axis] ?? broken(`no size for axis '${axis}'`);
  const depthOf = (axis: Axis): number => Math.max(0, scopes.findLastIndex((s) => s.origins.has(axis)));
  const originOf = (axis: Axis): Origin | undefined => scopes[depthOf(axis)]?.origins.get(axis);
  const constant = (axis: Axis, size: number): string => {
    const rule = ruleOf(axis);
    const whole = rule.kind === 'fixed' && rule.size === size;
    const key = [...constants].find(([k, v]) => v === size && k.startsWith(`${axis}:`))?.[0] ?? `${axis}:${size}`;
    constants.set(key, size);
    return constantNames.map.get(key) ?? rename(key, whole ? capital(axis) : `B${capital(axis)}`);
  };
  const rename = (key: string, wanted: string): string => {
    const name = local.fresh(wanted);
    constantNames.map.set(key, name);
    return name;
  };
  /** Declares `name` in the scope at `depth`, once. */
  const declare = (depth: number, name: string, text: () => string): string => {
    const scope = scopes[depth] ?? broken('a scope that is not open');
    if (scope.declared.has(name)) return name;
    scope.declared.add(name);
    const value = text();
    scope.lines.push(`const int ${name} = ${value};`);
    return name;
  };

  const length = (axis: Axis): string => {
    const rule = ruleOf(axis);
    if (rule.kind === 'fixed') return constant(axis, rule.size);
    if (rule.kind === 'dynamic') return lengths.get(axis);
    return declare(depthOf(rule.by), allLengths.get(axis), () => `${offsets.get(axis)}[${plusOne(origin(rule.by))}] - ${start(axis)}`);
  };
  const origin = (axis: Axis): string | undefined => (originOf(axis) ? origins.get(axis) : undefined);
  const start = (axis: Axis): string => {
    const rule = ruleOf(axis);
    if (rule.kind !== 'ragged') return broken(`axis '${axis}' is not ragged`);
    return declare(depthOf(rule.by), starts.get(axis), () => `${offsets.get(axis)}[${origin(rule.by) ?? '0'}]`);
  };
  const total = (axis: Axis): string => {
    const rule = ruleOf(axis);
    return rule.kind === 'ragged' ? `${offsets.get(axis)}[${length(rule.by)}]` : broken(`axis '${axis}' is not ragged`);
  };
  const valid = ({ axis, size }: TileAxis): string => {
    const rule = ruleOf(axis);
    const from = originOf(axis);
    if (size === 1) return '1';
    if (from?.full && from.step === size) return constant(axis, size);
    if (rule.kind === 'fixed') {
      if (!from) return constant(axis, Math.min(rule.size, size));
      if (from.aligned && from.step === size && rule.size % size === 0) return constant(axis, size);
    }
    const depth = Math.max(depthOf(axis), rule.kind === 'ragged' ? depthOf(rule.by) : 0);
    const n = length(axis);
    return declare(depth, valids.get(validName(axis, size, from)), () => `minimum(${constant(axis, size)}, ${from ? `${n} - ${origins.get(axis)}` : n})`);
  };
  const reach = (a: TileAxis): string => {
    const from = originOf(a.axis);
    return from?.padded && from.step === a.size ? constant(a.axis, a.size) : valid(a);
  };
  const wide = (a: TileAxis): string => {
    const bound = valid(a);
    const rule = ruleOf(a.axis);
    if (![...valids.map.values()].includes(bound)) return bound;
    const depth = Math.max(depthOf(a.axis), rule.kind === 'ragged' ? depthOf(rule.by) : 0);
    return declare(depth, wides.get(bound), () => `wide<${constant(a.axis, a.size)}>(${bound})`);
  };
  const validName = (axis: Axis, size: number, from: Origin | undefined): string => (from && from.step !== size ? `valid${capital(axis)}${size}` : `valid${capital(axis)}`);

  const scope = (head: () => string, at: readonly Origin[], body: () => void, tail = ''): void => {
    const outer = out;
    const opened: Scope = { origins: new Map(at.map((o) => [o.axis, o])), declared: new Set(), lines: [] };
    scopes.push(opened);
    out = writer();
    body();
    const lines: readonly Line[] = out.lines();
    scopes.pop();
    out = outer;
    const [only] = lines;
    const first = head();
    // A loop or condition around one plain statement needs no braces.
    if (only && lines.length === 1 && opened.lines.length === 0 && /^(for|if) /.test(first) && /^[^#/]*;$/.test(only.text) && !/^(for|if|const|int|float) /.test(only.text)) {
      return out.append([{ text: `${first} ${only.text}`, span: only.span }]);
    }
    out.block(first, () => {
      for (const l of opened.lines) out.line(l);
      out.append(lines);
    }, tail);
  };
  return {
    kernel, line: (text) => out.line(text), out: () => out, extent: (a) => constant(a.axis, a.size), length, origin, originName: origins.get, valid, reach, wide,
    index: (axis) => indexes.get(axis), param: (p) => params.get(p.name), start, total, tile: tiles.get, row: rows.get, fresh: local.fresh, scope,
    used: { params: params.map, lengths: lengths.map, offsets: offsets.map, get constants() { return namedConstants(constants, constantNames.map); }, tiles: tiles.map },
  };
}

const namedConstants = (values: ReadonlyMap<string, number>, nameOf: ReadonlyMap<string, string>): ReadonlyMap<string, number> =>
  new Map([...values].map(([key, value]) => [nameOf.get(key) ?? key, value]));
const plusOne = (text: string | undefined): string => (text === undefined ? '1' : `${text} + 1`);
function broken(what: string): never { throw new Error(`emit: ${what}`); }

/** Axes of a tile that have an extent; an axis of size 1 has no dimension in the text. */
export const dimensions = (t: Tile): readonly TileAxis[] => t.shape.filter((a) => a.size > 1);
