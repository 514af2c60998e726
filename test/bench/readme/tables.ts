/** A table of a results file: what its heading and the text in front of it say, and its cells. */
export interface ResultTable {
  readonly file: string;
  readonly date: string;
  readonly title: string;
  /** Lines between the heading and the table, and those below the file's title. */
  readonly says: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Tables of a results file by name, in order. Figures stay the text they are: what is shown elsewhere is what was written here. */
export function tablesOf(file: string, text: string): readonly ResultTable[] {
  const date = /\d{4}-\d\d-\d\d/.exec(file)?.[0] ?? '';
  const [head = '', ...sections] = text.split(/^## /m);
  const intro = linesBelow(head);
  return [head, ...sections].flatMap((section) => {
    const title = section.split('\n', 1)[0]?.replace(/^# /, '') ?? '';
    return [...section.matchAll(/(?:^\|.*\n?)+/gm)].map(([table]): ResultTable => {
      const [columns = [], , ...rows] = table.trim().split('\n').map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
      return { file, date, title, says: [...linesBelow(section), ...intro], columns, rows };
    });
  });
}

/** Lines below a heading and in front of its first table. */
const linesBelow = (section: string): readonly string[] => section.split(/^\|/m, 1)[0]?.split('\n').slice(1).filter((line) => line.trim() !== '') ?? [];

/** The cell of a column; undefined where the table has none or it is empty. */
export const cell = (table: ResultTable, row: readonly string[] | undefined, column: string): string | undefined => row?.[table.columns.indexOf(column)] || undefined;

/** The row that begins with these cells. */
export const rowOf = (table: ResultTable | undefined, ...first: readonly string[]): readonly string[] | undefined => table?.rows.find((row) => first.every((text, i) => row[i] === text));

/** Which machine, which driver and which peers measured a table, and when: what a reader must know to compare. */
export function ranOn({ says, date }: ResultTable): string {
  const line = says.find((l) => /multiprocessors|threads?, /.test(l)) ?? '';
  const device = line.replace(/^[\d-]+\. /, '').split(', ', 1)[0];
  const driver = /driver for (CUDA [\d.]*\d)/.exec(line)?.[1];
  const peers = /Peers: [^,.]*, (.*?)\. (?=[A-Z\d])/.exec(line)?.[1];
  return [device, ...(driver === undefined ? [] : [`driver for ${driver}`]), ...(peers === undefined ? [] : [peers]), date].join(', ');
}

/** The command that made a table. */
export const commandOf = ({ says }: ResultTable): string => says.flatMap((line) => /^`([^`]+)`/.exec(line)?.[1] ?? [])[0] ?? '';

/** Of files of one day, which kind is the newer: those collected by hand come before what the benchmarks write themselves. */
const kinds = ['ampere', 'hopper', 'gpu'];

/** The newest table with a title among those of all results, the first of its section; undefined where there is none. */
export function newest(tables: readonly ResultTable[], title: string): ResultTable | undefined {
  const age = ({ file, date }: ResultTable): string => `${date} ${kinds.indexOf(file.split('-', 1)[0] ?? '') + 1}`;
  return tables.filter((t) => t.title === title).reduce<ResultTable | undefined>((best, t) => (best === undefined || age(t) > age(best) ? t : best), undefined);
}
