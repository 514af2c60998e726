import { didYouMean } from '../../dsl/nearest.js';
import { declarationPages, syntaxPages } from './declaration.js';
import { axisPages, namePages } from './names.js';
import type { CodePage } from './page.js';
import { devicePages, evaluationPages, modelPages, referencePages } from './runtime.js';
import { launchPages, streamPages, warningPages } from './stream.js';

/** Pages under the heading of what they are about. */
interface Chapter { readonly title: string; readonly pages: Readonly<Record<string, CodePage>> }

export const chapters: readonly Chapter[] = [
  { title: 'The file and the declaration of a kernel', pages: declarationPages },
  { title: 'TypeScript outside the language', pages: syntaxPages },
  { title: 'Names, calls and values', pages: namePages },
  { title: 'Axes and dtypes', pages: axisPages },
  { title: 'Streaming', pages: streamPages },
  { title: 'Memory and launches', pages: launchPages },
  { title: 'Warnings', pages: warningPages },
  { title: 'Devices and launches at run time', pages: devicePages },
  { title: 'Model files and requests', pages: modelPages },
  { title: 'Evaluations', pages: evaluationPages },
  { title: 'The float64 reference', pages: referencePages },
];

export const pages: ReadonlyMap<string, CodePage> = new Map(chapters.flatMap((c) => Object.entries(c.pages)));

const byHand = "import { … } from 'warpfold/dsl' is left out.";

/** The page of a code as a terminal shows it; for a code that is none, undefined. */
export function codeText(code: string): string | undefined {
  const page = pages.get(code);
  if (!page) return undefined;
  const section = (title: string, text: string): readonly string[] => (text === '' ? [] : ['', title, '', ...text.split('\n').map((l) => (l === '' ? '' : `    ${l}`))]);
  return [
    `${code}  ${page.title}`, '', ...wrapped(page.means),
    ...(page.kind === 'source' ? [...section('Wrong:', page.wrong), ...section('Right:', page.right), '', byHand] : ['', ...wrapped(page.remedy)]),
    ...(page.see.length > 0 ? ['', `See also ${page.see.map((c) => `${c} (${lower(pages.get(c)?.title ?? '')})`).join(', ')}.`] : []),
  ].join('\n');
}

/** Every code with its title, a line each, by chapter. */
export const codeList = (): string => chapters.map((c) => [c.title, ...Object.entries(c.pages).map(([code, p]) => `  ${code}  ${p.title}`)].join('\n')).join('\n\n');

/** What is said of a code that has no page. */
export const noCode = (code: string): string => `there is no code '${code}'${didYouMean(code, pages.keys())}; \`warpfold explain --codes\` lists them`;

/** All pages as one markdown document, a heading per code. */
export function codesMarkdown(): string {
  const fenced = (text: string): string => `\`\`\`ts\n${text}\n\`\`\``;
  // Types in prose would be read as tags.
  const prose = (text: string): string => text.replaceAll('<', '&lt;');
  const linked = (code: string): string => `[${code}](#${code.toLowerCase()})`;
  const body = (page: CodePage): readonly string[] => (page.kind === 'source' ? [...(page.wrong === '' ? [] : ['Wrong:', fenced(page.wrong)]), 'Right:', fenced(page.right)] : [prose(page.remedy)]);
  return `${chapters.flatMap((c) => [
    `## ${c.title}`,
    ...Object.entries(c.pages).flatMap(([code, page]) => [`### ${code}: ${prose(page.title)} {#${code.toLowerCase()}}`, prose(page.means), ...body(page), ...(page.see.length > 0 ? [`See also ${page.see.map(linked).join(', ')}.`] : [])]),
  ]).join('\n\n')}\n`;
}

const lower = (title: string): string => (/^[A-Z][a-z ]/.test(title) && !title.startsWith('TypeScript') ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title);

/** Words in lines of at most 100 columns. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 100) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
