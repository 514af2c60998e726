/** Holds what must be given back together; later ones first. */
export interface Scope extends Disposable {
  /** Hands `thing` to the scope and returns it. */
  own<T extends Disposable>(thing: T): T;
}

/** Takes charge of a thing and returns it. */
export type Own = Scope['own'];

/** What `make` builds, owning all it allocated on the way: disposed together, and at once where `make` throws. */
export function owning<T extends object>(make: (own: Own) => T): T & Disposable {
  const owned = scope();
  try {
    return { ...make(owned.own), [Symbol.dispose]: () => owned[Symbol.dispose]() };
  } catch (e) {
    owned[Symbol.dispose]();
    throw e;
  }
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
