/** What each code of models and requests means, in one line. R3xx reading a model directory, R4xx what is asked of it. */
export const requestCodes = {
  R301: 'a file of the model directory cannot be read',
  R302: 'config.json says what no checkpoint can have',
  R303: 'an architecture that is neither Llama nor Qwen2',
  R304: 'a feature of the architecture that is not supported',
  R305: 'the shape of a weight and config.json disagree',
  R306: 'a weight is stored in a dtype the model cannot compute in',
  R310: 'the tokenizer cannot be built',
  R311: 'a BOS is asked for, but nothing names one',
  R401: 'the document is empty',
  R402: 'the question leaves no room in the window',
  R403: 'an option is out of range',
  R404: 'the question is empty',
  R405: 'the document cannot be read',
} as const satisfies Record<`R${number}`, string>;
