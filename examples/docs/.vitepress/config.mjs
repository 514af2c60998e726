import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const pages = fileURLToPath(new URL('..', import.meta.url));

/** The generated reference of one entry point, kind by kind. */
function apiOf(entry, text) {
  const kinds = readdirSync(`${pages}api/${entry}`, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name);
  return {
    text, link: `/api/${entry}/`, collapsed: true,
    items: kinds.flatMap((kind) => readdirSync(`${pages}api/${entry}/${kind}`).map((file) => ({ text: titleOf(`${pages}api/${entry}/${kind}/${file}`, file), link: `/api/${entry}/${kind}/${file.replace(/\.md$/, '')}` }))),
  };
}
const titleOf = (path, file) => /^# (?:\w+: )?(.*)$/m.exec(readFileSync(path, 'utf8'))?.[1]?.replace(/\\|\(\)|&lt;.*|<.*/g, '') ?? file;

// biome-ignore lint/style/noDefaultExport: the site's builder reads it.
export default {
  title: 'warpfold',
  description: 'A functional tensor language in TypeScript whose compiler derives fused CUDA and C++ kernels, and a runtime for documents beyond a model\'s window.',
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: '/favicon.svg' }],
    // Kernels and tables of the terminal are wide: code is set smaller, and the text may take what the outline leaves.
    ['style', {}, ':root { --vp-code-block-font-size: 12.5px; --vp-sidebar-width: 248px } .VPDoc.has-aside .content-container { max-width: 800px !important }'],
  ],
  lastUpdated: false,
  cleanUrls: false,
  // Comments of the source speak of <names> in angle brackets; they are words, not elements.
  markdown: { html: false },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Kernels', link: '/author/tutorial' },
      { text: 'Models', link: '/models/answers' },
      { text: 'Gallery', link: '/gallery' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: [
      { text: 'Writing kernels', items: [
        { text: 'From zero to a tuned kernel', link: '/author/tutorial' },
        { text: 'The language on one page', link: '/author/language' },
        { text: 'How derivation works', link: '/author/derivation' },
        { text: 'Testing kernels', link: '/author/testing' },
        { text: 'Gallery', link: '/gallery' },
        { text: 'Adding a pass, a target, a model', link: '/author/extend' },
      ] },
      { text: 'Asking long documents', items: [
        { text: 'Answers from Node', link: '/models/answers' },
        { text: 'ParallelComp in pictures', link: '/models/parallelcomp' },
        { text: 'The server', link: '/models/serve' },
        { text: 'Evaluation', link: '/models/eval' },
      ] },
      { text: 'Reference', items: [
        { text: 'Commands', link: '/commands' },
        { text: 'Diagnostics', link: '/codes' },
        apiOf('dsl', 'warpfold/dsl'), apiOf('codegen', 'warpfold/codegen'), apiOf('runtime', 'warpfold/runtime'), apiOf('test', 'warpfold/test'),
      ] },
    ],
  },
};
