import type { Metric } from '../metrics/metric.js';
import type { DatasetTask } from './longBench.js';

const task = (before: string, question: string, maxTokens: number, metric: Metric): DatasetTask => ({ before, question, maxTokens, metric, firstLine: false });

const hidden = (what: string): string => `${what} is hidden in much text that says nothing. Find it and keep it in mind.\n\n{context}`;
const options = '\nA. {A}\nB. {B}\nC. {C}\nD. {D}';

/** InfiniteBench by task: metric as published, prompts in this project's words. Answers may be as long as the paper's scripts allow. */
export const infiniteBench: Readonly<Record<string, DatasetTask>> = {
  passkey: task(hidden('A pass key'), '\n\n{input}\nThe pass key is', 6, 'firstNumber'),
  number_string: task(hidden('A sequence of digits'), '\n\n{input}\nThe sequence of digits is', 12, 'firstNumber'),
  kv_retrieval: task('Find the value that belongs to a key in the JSON object below.\n\n{context}', '\n\n{input}\nThe value is', 50, 'valueSaid'),
  longbook_qa_eng: task('Read the book below, then answer a question about it as briefly as you can.\n\n{context}', '\n\nQuestion: {input}\nAnswer:', 40, 'qaF1'),
  longbook_qa_chn: task('阅读下面的书，然后简短回答问题。\n\n{context}', '\n\n问题：{input}\n回答：', 40, 'qaF1Characters'),
  longbook_sum_eng: task('Sum up the book below.\n\n{context}', '\n\nSummary:', 1200, 'rougeL'),
  longbook_choice_eng: task('Read the book below, then choose the right answer.\n\n{context}', `\n\nQuestion: {input}\nWhich of these is right?${options}\nThe letter of the right answer is`, 40, 'choice'),
  longdialogue_qa_eng: task('In the script below one name was replaced by $$MASK$$. Find out whose it is.\n\n{context}', '\n\nThe name behind $$MASK$$ is', 40, 'nameSaid'),
  math_find: task('Here is a list of numbers.\n\n{context}', '\n\n{input}\nThe number is', 6, 'firstDecimal'),
  math_calc: task('Work out the expression below step by step, and write the result after every step.\n\n{context}', '\n\nResults:', 2048, 'leadingNumbers'),
  code_run: task('Here are functions that call one another.\n\n{context}', '\n\n{input}\nThe returned value is', 12, 'lastNumber'),
  code_debug: task('One of the functions in the code below has an error planted in it. Find it.\n\n{context}', `\n\nWhich function has the error?${options}\nAnswer:`, 12, 'bugNamed'),
};
