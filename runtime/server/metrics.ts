/** Instruments of a server, written as Prometheus' text format 0.0.4 reads them. */
export type Labels = Readonly<Record<string, string>>;

/** A family of samples that share a name. Names end in their unit, those of counters in `_total`. */
export interface Instrument { lines(): readonly string[] }
export interface Counter extends Instrument { add(by?: number, labels?: Labels): void }
export interface Histogram extends Instrument { observe(value: number): void }

/** Only grows. A counter without labels shows 0 from the start. */
export function counter(name: string, help: string, labelled = false): Counter {
  const values = new Map<string, number>(labelled ? [] : [['', 0]]);
  return {
    add(by = 1, labels = {}) {
      const key = labelText(labels);
      values.set(key, (values.get(key) ?? 0) + by);
    },
    lines: () => [...head(name, help, 'counter'), ...[...values].map(([labels, value]) => `${name}${labels} ${numberText(value)}`)],
  };
}

/** What `read` says at the moment of asking. */
export function gauge(name: string, help: string, read: () => number, labels: Labels = {}): Instrument {
  return { lines: () => [...head(name, help, 'gauge'), `${name}${labelText(labels)} ${numberText(read())}`] };
}

/** How often values were at most each of the ascending `bounds`. */
export function histogram(name: string, help: string, bounds: readonly number[]): Histogram {
  const counts = bounds.map(() => 0);
  let total = 0;
  let sum = 0;
  return {
    observe(value) {
      total++;
      sum += value;
      for (const [i, bound] of bounds.entries()) if (value <= bound) counts[i] = (counts[i] ?? 0) + 1;
    },
    lines: () => [
      ...head(name, help, 'histogram'),
      ...bounds.map((bound, i) => `${name}_bucket${labelText({ le: numberText(bound) })} ${counts[i]}`),
      `${name}_bucket${labelText({ le: '+Inf' })} ${total}`,
      `${name}_sum ${numberText(sum)}`,
      `${name}_count ${total}`,
    ],
  };
}

export const exposition = (instruments: readonly Instrument[]): string => `${instruments.flatMap((i) => i.lines()).join('\n')}\n`;

const head = (name: string, help: string, type: 'counter' | 'gauge' | 'histogram'): readonly string[] => [`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${name} ${type}`];

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
