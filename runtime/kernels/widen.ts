import { cast, type In, kernel, type Out } from '../../dsl/index.js';

/** 16-bit numbers as f32, exactly: stored weights for a device that computes in f32. `x` [x], any tensor seen flat. */
export const widen = kernel('widen', { x: 'dynamic' },
  <E extends 'f16' | 'bf16'>(x: In<E, ['x']>): Out<'f32', ['x']> => {
    return cast('f32', x);
  });
