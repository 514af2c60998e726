/** ASCII punctuation, as Python's `string.punctuation` lists it: what the published metrics take away. */
const punctuation = /[!-/:-@[-`{-~]/g;
/** Chinese punctuation that LongBench and InfiniteBench take away besides. */
const chinesePunctuation = /[！？｡。＂＃＄％＆＇（）＊＋，－／：；＜＝＞＠［＼］＾＿｀｛｜｝～｟｠｢｣､、〃》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰〾〿–—‘’‛“”„‟…‧﹏]/gu;

/** An English answer as the benchmarks compare it: lower case, no punctuation, no articles, single spaces. In this order, so that "a-b" becomes "ab". */
export const normalized = (text: string): string => words(text.toLowerCase().replace(punctuation, '').replace(/\b(a|an|the)\b/g, ' ')).join(' ');

/** A Chinese answer as the benchmarks compare it: lower case, no punctuation, no blanks. */
export const normalizedChinese = (text: string): string => words(text.toLowerCase().replace(punctuation, '').replace(chinesePunctuation, '')).join('');

/** Pieces between blanks. */
export const words = (text: string): readonly string[] => text.split(/\s+/u).filter((word) => word !== '');

/** Chinese text in words, found by the segmenter of the JavaScript engine where the published metrics use jieba: scores may differ in the third digit. */
export function chineseWords(text: string): readonly string[] {
  return [...new Intl.Segmenter('zh', { granularity: 'word' }).segment(text)].map((s) => s.segment);
}
