import type { SizeRule } from '../../dsl/definition.js';
import type { Axis } from '../../dsl/expr.js';
import { lit, type Scalar, size } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { refusal } from './messages.js';

/** How long every axis of one variant is: the declared ones, and those the body makes by renaming, splitting, merging and choosing. */
export interface Lengths {
  readonly rules: Map<Axis, SizeRule>;
  /** Axes whose length the body reads. */
  readonly read: Set<Axis>;
}

/** The rule of an axis that must have one. */
export function ruleOf(lengths: Lengths, axis: Axis, span: Span): SizeRule {
  const rule = lengths.rules.get(axis);
  if (!rule) throw refusal('F015', span, [axis, [...lengths.rules.keys()]]);
  return rule;
}

/** `sizeOf(axis)`: a literal where the size is fixed, else what the launch says. */
export function lengthOf(lengths: Lengths, axis: Axis, span: Span): Scalar {
  const rule = ruleOf(lengths, axis, span);
  lengths.read.add(axis);
  return rule.kind === 'fixed' ? lit(rule.size, span) : size(axis, span);
}

/** Gives axis `to` the length that `from` has; where `to` is declared already, the two must agree. */
export function derive(lengths: Lengths, op: string, from: Axis, rule: SizeRule, to: Axis, span: Span): void {
  const declared = lengths.rules.get(to);
  if (!declared) lengths.rules.set(to, rule);
  else if (describeRule(declared) !== describeRule(rule)) throw refusal('T032', span, [op, from, describeRule(rule), to, describeRule(declared)]);
}

/** Positions of an axis that others are ragged by are computed one at a time: nothing may walk along it. */
export function notAlone(lengths: Lengths, op: string, axis: Axis, span: Span): void {
  for (const rule of lengths.rules.values()) if (rule.kind === 'ragged' && rule.by === axis) throw refusal('T033', span, [op, axis]);
}

export function describeRule(rule: SizeRule): string {
  switch (rule.kind) {
    case 'fixed': return `${rule.size} long`;
    case 'dynamic': return 'dynamic';
    case 'ragged': return `ragged by '${rule.by}'`;
    default: return rule satisfies never;
  }
}
