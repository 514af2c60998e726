/** What each code of evaluations means, in one line. */
export const evalCodes = {
  R601: 'a length too short for a task',
  R602: 'a template for prompts is wrong',
  R603: 'a dataset cannot be read or is not known',
  R604: 'a method is not known, or an option of one is wrong',
  R605: 'a results file is damaged, or holds a run with other settings',
  R606: 'a length, a task or a number of cases is wrong',
} as const satisfies Record<`R${number}`, string>;
