/** Holds what must be given back together; later ones first. */
export interface Scope extends Disposable {
  /** Hands `thing` to the scope and returns it. */
  own<T extends Disposable>(thing: T): T;
}

/** A new scope, for `using`. */
export function scope(): Scope {
  const things: Disposable[] = [];
  return {
    own: (thing) => {
      things.push(thing);
      return thing;
    },
    [Symbol.dispose]: () => {
      for (let thing = things.pop(); thing !== undefined; thing = things.pop()) thing[Symbol.dispose]();
    },
  };
}
