import { html, raw } from 'hono/html';

/** A piece of HTML that is escaped already. */
export type Html = ReturnType<typeof html>;
/** What a page shows as code: the author's language, the generated one, and the compiler's own printed programs. */
export type Language = 'typescript' | 'cpp' | 'graph';

const words: Readonly<Record<Language, string>> = {
  typescript: 'as async await break case const continue default else export extends for from function if import in interface let new of readonly return satisfies switch throw type typeof undefined while',
  cpp: 'alignas asm auto bool break case char class const constexpr continue decltype default do double else enum extern false float for if inline int long namespace operator return short signed sizeof static struct switch template true typename union unsigned using void while __global__ __launch_bounds__ __restrict__ __shared__ __device__',
  graph: 'kernel return fold over from grid by load store fill map reduce mma for when otherwise in barrier pipe tile frame prime advance drain gather topk unite copy cast dot rename split merge',
};
const keywords: Readonly<Record<Language, ReadonlySet<string>>> = { typescript: setOf(words.typescript), cpp: setOf(words.cpp), graph: setOf(words.graph) };
function setOf(list: string): ReadonlySet<string> { return new Set(list.split(' ')); }

/** Comment, string, number, word (and whether a call follows), in this order; all else stands as it is. */
const token = /(\/\/.*$|\/\*.*?\*\/)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)|((?<![\w.])[−-]?(?:0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?|∞)f?\b|∞)|([#@]?[\p{L}_]\w*)(?=(\s*\()?)/giu;

/** One line of code with its comments, strings, numbers, keywords, types and calls told apart. */
export function highlighted(line: string, language: Language): Html {
  const parts: (string | Html)[] = [];
  let at = 0;
  for (const m of line.matchAll(token)) {
    const [text, comment, string, number, word, call] = m;
    const kind = comment !== undefined ? 'c' : string !== undefined ? 's' : number !== undefined ? 'n' : word !== undefined ? wordKind(word, call !== undefined, language) : undefined;
    parts.push(line.slice(at, m.index), kind === undefined ? text : html`<i class="${kind}">${text}</i>`);
    at = m.index + text.length;
  }
  return html`${parts}${line.slice(at)}`;
}

function wordKind(word: string, isCall: boolean, language: Language): string | undefined {
  if (keywords[language].has(word)) return 'k';
  if (/^(f32|f16|bf16|f8e4m3|i32)$/.test(word) || (language !== 'graph' && /^[A-Z]\w*[a-z]/.test(word))) return 't';
  return isCall ? 'f' : undefined;
}

/** Markup made by a library that escapes what it is given. */
export const trusted = (markup: string): Html => raw(markup);
