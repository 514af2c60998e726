import type { DType } from '../dsl/dtype.js';
import type { ArgSpec, KernelEntry, Manifest } from '../dsl/manifest.js';
import type { Device, DeviceTensor, LaunchArgs } from './device.js';

/** The dtype an argument has: its own, or what the variant gives its dtype parameter. */
type DTypeOf<A extends ArgSpec, Params> = A['dtype'] extends DType ? A['dtype'] : A['dtype'] extends keyof Params ? Extract<Params[A['dtype']], DType> : never;
type ArgOf<A extends ArgSpec, Params> = A['order'] extends readonly [] ? number : DeviceTensor<DTypeOf<A, Params>>;
type Tensors<Specs extends readonly ArgSpec[], Params> = { readonly [A in Specs[number] as A['name']]: DeviceTensor<DTypeOf<A, Params>> };
type Args<Specs extends readonly ArgSpec[], Params> = { readonly [A in Specs[number] as A['name']]: ArgOf<A, Params> };

type RaggedAxes<K extends KernelEntry> = { [A in keyof K['sizes'] & string]: K['sizes'][A] extends { readonly kind: 'ragged' } ? A : never }[keyof K['sizes'] & string];
type Offsets<K extends KernelEntry> = { readonly [A in RaggedAxes<K> as `offsets.${A}`]: DeviceTensor<'i32'> };
type Sizes<K extends KernelEntry> = { readonly [A in keyof K['sizes']]?: number };

/** The argument lists of a kernel, one for each choice of its dtype parameters. */
type Call<K extends KernelEntry, Params> = Params extends unknown ? [args: Args<K['params'], Params> & Offsets<K>, results: Tensors<K['results'], Params>, sizes?: Sizes<K>] : never;

/** `launch(name, args, results, sizes?)` of one manifest: a wrong name, a missing argument or a wrong dtype does not compile. */
export type Launch<M extends Manifest> = <Name extends keyof M['kernels'] & string>(name: Name, ...call: Call<M['kernels'][Name], M['kernels'][Name]['variants'][number]['dtypes']>) => void;

/** `device.launch` with the types of manifest M, the one the device was opened with: `typedLaunch<typeof manifest>(device)`. Throws what `Device.launch` throws. */
export function typedLaunch<M extends Manifest>(device: Device): Launch<M> {
  return (name, ...call) => {
    // What Call spells out per kernel is, for any kernel, this.
    const [args, results, sizes] = call as readonly [LaunchArgs, Readonly<Record<string, DeviceTensor>>, Readonly<Record<string, number>>?];
    device.launch(name, args, results, sizes);
  };
}
