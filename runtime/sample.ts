/** The most likely token; ties to the lower id. */
export function greedy(logits: Float32Array): number {
  let best = 0;
  for (let t = 1; t < logits.length; t++) if ((logits[t] ?? -Infinity) > (logits[best] ?? -Infinity)) best = t;
  return best;
}

/** The `count` largest logits with their ids, descending, ties to the lower id. */
export function topLogits(logits: Float32Array, count: number): readonly (readonly [id: number, logit: number])[] {
  const best: [number, number][] = [];
  logits.forEach((logit, id) => {
    if (best.length === count && logit <= (best.at(-1)?.[1] ?? -Infinity)) return;
    const at = best.findIndex(([, other]) => logit > other);
    best.splice(at < 0 ? best.length : at, 0, [id, logit]);
    if (best.length > count) best.pop();
  });
  return best;
}

