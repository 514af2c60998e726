import { didYouMean } from '../../dsl/nearest.js';

/** The names of kernels as an error lists them, with the one that was meant by a name that is none of them. */
export function namesOf(kernels: readonly { readonly name: string }[], asked: string): string {
  const names = kernels.map((k) => k.name);
  return `${names.join(', ') || 'none'}${didYouMean(asked, names)}`;
}
