/** Gives every state of a kernel its own name: the wanted one, with a number where it is taken. */
export function namer(taken: readonly string[]): (wanted: string | undefined, otherwise: string) => string {
  const used = new Set(taken);
  return (wanted, otherwise) => {
    const base = wanted !== undefined && /^[A-Za-z_]\w*$/.test(wanted) ? wanted : otherwise;
    let name = base;
    for (let n = 2; used.has(name); n++) name = `${base}${n}`;
    used.add(name);
    return name;
  };
}
