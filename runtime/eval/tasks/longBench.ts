import type { Metric } from '../metrics/metric.js';
import type { DatasetTemplate } from '../templates.js';

/** How a dataset is asked and judged. `firstLine`: what follows the answer's first line does not count. */
export interface DatasetTask extends DatasetTemplate { readonly metric: Metric; readonly firstLine: boolean }

const answerFrom = (what: string, how: string): string => `Read ${what}, then answer the question about it ${how}.\n\n{context}`;
const question = '\n\nQuestion: {input}\nAnswer:';
const qa = (what: string, maxTokens: number, how = 'as briefly as you can, with nothing but the answer'): DatasetTask =>
  ({ before: answerFrom(what, how), question, maxTokens, metric: 'qaF1', firstLine: false });
const summary = (before: string, question: string): DatasetTask => ({ before, question, maxTokens: 512, metric: 'rougeL', firstLine: false });
const code = (question: string): DatasetTask => ({ before: 'Complete the code below.\n{context}', question, maxTokens: 64, metric: 'codeSimilarity', firstLine: false });

/** LongBench v1 by dataset: metric and answer length as published, prompts in this project's words. */
export const longBench: Readonly<Record<string, DatasetTask>> = {
  narrativeqa: qa('this story, a novel or a film script', 128),
  qasper: qa('this scientific article', 128, 'as briefly as you can; write "unanswerable" where the article does not say, and yes or no where that is the answer'),
  multifieldqa_en: qa('this text', 64),
  multifieldqa_zh: { before: '阅读下面的文字，然后简短回答问题，只写答案。\n\n{context}', question: '\n\n问题：{input}\n回答：', maxTokens: 64, metric: 'qaF1Chinese', firstLine: false },
  hotpotqa: qa('these passages', 32),
  '2wikimqa': qa('these passages', 32),
  musique: qa('these passages', 32),
  dureader: { before: '根据下面的文章回答问题。\n\n{context}', question: '\n\n问题：{input}\n回答：', maxTokens: 128, metric: 'rougeLChinese', firstLine: false },
  gov_report: summary('Here is a report by a government agency.\n\n{context}', '\n\nA one-page summary of the report:\n'),
  qmsum: summary('Here is the transcript of a meeting.\n\n{context}', '\n\nAnswer this about the meeting in one or more sentences: {input}\nAnswer:'),
  multi_news: summary('Here are several news articles.\n\n{context}', '\n\nA one-page summary of all the news:\n'),
  vcsum: { before: '下面是一份会议记录。\n\n{context}', question: '\n\n会议总结：', maxTokens: 512, metric: 'rougeLChinese', firstLine: false },
  trec: { before: 'Say of which type each question is. Some examples:\n\n{context}', question: '\n{input}', maxTokens: 64, metric: 'classification', firstLine: true },
  triviaqa: { before: 'Answer each question from its passage, with nothing but the answer. Some examples:\n\n{context}', question: '\n\n{input}', maxTokens: 32, metric: 'qaF1', firstLine: true },
  samsum: { before: 'Sum up each dialogue in a few short sentences. Some examples:\n\n{context}', question: '\n\n{input}', maxTokens: 128, metric: 'rougeL', firstLine: true },
  lsht: { before: '判断每条新闻属于哪个类别。下面是一些例子：\n\n{context}', question: '\n{input}', maxTokens: 64, metric: 'classification', firstLine: true },
  passage_count: { before: 'Some of the numbered paragraphs below may be copies of others. Count how many different ones there are.\n\n{context}', question: '\n\nThe number of different paragraphs, as a number alone:', maxTokens: 32, metric: 'count', firstLine: false },
  passage_retrieval_en: { before: 'Here are thirty numbered paragraphs of Wikipedia.\n\n{context}', question: '\n\nWhich paragraph does this abstract sum up? {input}\nAnswer in the form "Paragraph 1".\nAnswer:', maxTokens: 32, metric: 'paragraph', firstLine: false },
  passage_retrieval_zh: { before: '下面是若干编号的段落。\n\n{context}', question: '\n\n下面的摘要出自哪个段落？{input}\n请按“段落1”的格式回答。\n回答：', maxTokens: 32, metric: 'paragraph', firstLine: false },
  lcc: code('The next line of the code:\n'),
  'repobench-p': code('{input}The next line of the code:\n'),
};
