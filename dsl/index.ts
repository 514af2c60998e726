/**
 * The language: tensors with named axes, primitives, kernels, and functions written in the language itself.
 * @module dsl
 */
export type { DType } from './dtype.js';
export type { Axis } from './expr.js';
export { array, cast, dot, gather, map, max, merge, min, rename, sizeOf, split, sum, tabulate, topk, denseOf } from './tensor.js';
export type { AnyTensor, At, In, Out, Tensor } from './tensor.js';
export { kernel, ragged, toArray, transposed } from './kernel.js';
export type { AnyKernel, Inputs, InputValue, Kernel, KernelFunction, ReferenceOptions } from './kernel.js';
export type { KernelSizes, Ragged, SizeOption } from './sizes.js';
export type { Mode } from './context.js';
export type { SizeRule } from './definition.js';
export type { SizeRelation } from './relations.js';
export type { KernelResult } from './results.js';
export type { Dense } from './dense.js';
export { avgPool, entropy, FLOOR, gelu, layerNorm, logSumExp, logsumexp, maxPool, rmsNorm, rope, silu, softmax, swiglu } from './nn.js';
export { causal, causalFrom, dilated, prefix, sameDocument, slidingWindow, within } from './masks.js';
export { CompileError } from './diagnostic.js';
export type { Diagnostic, DiagnosticCode } from './diagnostic.js';
export type { Span } from './span.js';
export type { ArgRef, ArgSpec, AxisSpec, GridAxis, KernelEntry, LaunchSpec, Manifest, MapRef, ScratchSpec, SizeBound, SplitSpec, TargetName, Variant } from './manifest.js';
