/** One line of Prometheus' text format. */
export interface Sample { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number }
export interface Family { readonly name: string; readonly type: string; readonly help: string; readonly samples: readonly Sample[] }

const nameText = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const suffixes: Readonly<Record<string, readonly string[]>> = { counter: [''], gauge: [''], histogram: ['_bucket', '_sum', '_count'] };

/** Reads the text format 0.0.4 and nothing else: a family is HELP, TYPE and its samples together; throws at the first line that is not so. */
export function parseExposition(text: string): readonly Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families: { name: string; type: string; help: string; samples: Sample[] }[] = [];
  let help: { readonly name: string; readonly text: string } | undefined;
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split('\n')) {
    const helpLine = new RegExp(`^# HELP (${nameText}) (.+)$`).exec(line);
    const typeLine = new RegExp(`^# TYPE (${nameText}) (counter|gauge|histogram)$`).exec(line);
    if (helpLine) { help = { name: helpLine[1] ?? '', text: helpLine[2] ?? '' }; continue; }
    if (typeLine) {
      const [, name = '', type = ''] = typeLine;
      if (help?.name !== name) throw new Error(`TYPE without its HELP: ${line}`);
      if (families.some((f) => f.name === name)) throw new Error(`two families ${name}`);
      if (type === 'counter' && !name.endsWith('_total')) throw new Error(`a counter without _total: ${name}`);
      families.push({ name, type, help: help.text, samples: [] });
      continue;
    }
    const sample = parseSample(line);
    const family = families.at(-1);
    if (family === undefined || !suffixes[family.type]?.some((s) => sample.name === family.name + s)) throw new Error(`a sample outside its family: ${line}`);
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    if (seen.has(key)) throw new Error(`the same sample twice: ${line}`);
    seen.add(key);
    family.samples.push(sample);
  }
  families.filter((f) => f.type === 'histogram').forEach(checkHistogram);
  return families;
}

function parseSample(line: string): Sample {
  const [, name, inner, value] = new RegExp(`^(${nameText})(?:\\{(.*)\\})? (\\S+)$`).exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`not a sample: ${line}`);
  const labels: Record<string, string> = {};
  let rest = inner ?? '';
  while (rest !== '') {
    const [all, label, text] = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/.exec(rest) ?? [];
    if (all === undefined || label === undefined || text === undefined || label in labels) throw new Error(`labels cannot be read: ${line}`);
    labels[label] = text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
    rest = rest.slice(all.length);
  }
  const number = value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value);
  if (value !== 'NaN' && Number.isNaN(number)) throw new Error(`not a number: ${line}`);
  return { name, labels, value: number };
}

/** Buckets ascend in bound and count, end in +Inf, and agree with the count. */
function checkHistogram({ name, samples }: Family): void {
  const buckets = samples.filter((s) => s.name === `${name}_bucket`);
  const bounds = buckets.map((b) => (b.labels['le'] === '+Inf' ? Infinity : Number(b.labels['le'])));
  const ascends = (values: readonly number[], strictly: boolean): boolean => values.every((v, i) => i === 0 || (strictly ? v > (values[i - 1] ?? 0) : v >= (values[i - 1] ?? 0)));
  const count = samples.find((s) => s.name === `${name}_count`)?.value;
  if (!ascends(bounds, true) || !ascends(buckets.map((b) => b.value), false) || bounds.at(-1) !== Infinity || buckets.at(-1)?.value !== count) throw new Error(`not a histogram: ${name}`);
}

/** The value of one sample; throws where there is none. */
export function sampleOf(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const found = parseExposition(text).flatMap((f) => f.samples).find((s) => s.name === name && Object.entries(labels).every(([k, v]) => s.labels[k] === v));
  if (found === undefined) throw new Error(`no sample ${name} ${JSON.stringify(labels)}`);
  return found.value;
}
