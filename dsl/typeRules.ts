import type { DType } from './dtype.js';
import type { Axis } from './expr.js';

// The axis rules as types. A wrong call's parameter type becomes a string literal that says what is wrong, so TypeScript
// prints one line: `… not assignable to parameter of type '"dot over 'd': right operand has axes h | k | e"'`.

/** K, if it is an axis of the operand; else the sentence that says which axes there are. */
export type Over<Op extends string, A extends Axis, K extends Axis> = IfAny<A & K, K & NoInfer<A>, `${Op} over '${K}': operand has axes ${Names<A>}`>;

/** K, if both operands of `dot` have it and one dtype. */
export type OverBoth<E extends DType, F extends DType, A extends Axis, B extends Axis, K extends Axis> = IfAny<
  A & K,
  IfAny<B & K, IfSame<`dot over '${K}': left operand is ${E}, right operand is ${F}; cast one of them`, E, F, K & NoInfer<A & B>>, `dot over '${K}': right operand has axes ${Names<B>}`>,
  `dot over '${K}': left operand has axes ${Names<A>}`
>;

/** K, if it is an axis of the operand and the index is i32. */
export type OverIndexed<F extends DType, A extends Axis, K extends Axis> = IfAny<
  A & K, IfSame<`gather over '${K}': the index is ${F}, it must be i32; write cast('i32', …)`, F, 'i32', K & NoInfer<A>>, `gather over '${K}': operand has axes ${Names<A>}`
>;

/** A without K. After a wrong call (no member of K in `Common`) the result fits anywhere: one mistake, one error. */
export type Rest<Common, A, K> = IfAny<Common & K, Exclude<A, K>, [A] extends [never] ? never : Anything>;

/** The members of a union as text: `h | k | e`. Built for messages only. */
type Names<A extends string> = [A] extends [never] ? '(none)' : Joined<A, LastOf<A>>;
type Joined<A extends string, L> = L extends string ? ([Exclude<A, L>] extends [never] ? L : `${Joined<Exclude<A, L>, LastOf<Exclude<A, L>>>} | ${L}`) : never;
// A union of functions infers as an intersection, and inference from an intersection sees its last member.
type LastOf<A> = (A extends A ? (f: () => A) => void : never) extends (f: infer I) => void ? (I extends () => infer L ? L : never) : never;

/** Fits every type but `never`, and every type fits it. */
type Anything = ReturnType<JSON['parse']>;
/** Whether `Common` has members. In a generic function this stays open, and what fits `Then` fits it: Note [Open conditions]. */
type IfAny<Common, Then, Else> = { has: Anything } | Common extends { has: Common } | Common ? Then : Else;
/** Whether two dtypes are one, type parameters included. The message comes first because TypeScript prints it so where a type parameter keeps the question open. */
type IfSame<Message extends string, E, F, Then> = (<T>() => T extends E ? 1 : 2) extends <T>() => T extends F ? 1 : 2 ? Then : Message;

// Note [Open conditions]
// Library functions are generic in their axes: max(x: Tensor<E, A>, over: K) with K extends A. TypeScript leaves a
// conditional type on A & K open there, and an open one accepts a value that fits both branches; the sentence in the
// other branch fits nothing. But where the condition holds for opaque types by form alone, the second branch is not asked
// for. So the condition must be generic on its left side, hold for any opaque `Common`, and fail for `never`:
// { has: Anything } fits { has: Common } unless Common is never. `Anything` is the type of unchecked values.
