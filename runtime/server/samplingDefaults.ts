import { join } from 'node:path';
import { z } from 'zod';
import { RuntimeError } from '../error.js';
import { readJson } from '../model/config.js';
import type { SamplingDefaults } from './asked.js';

const fields = z.looseObject({
  do_sample: z.boolean().nullish(),
  temperature: z.number().min(0).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  top_k: z.number().int().min(0).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
});

/**
 * What a model's authors recommend: generation_config.json where it samples, else the most likely token each time. That a
 * request without a temperature gets these and not OpenAI's 1 is what other servers do as well. Throws R302 for values out of range.
 */
export async function readSamplingDefaults(dir: string): Promise<SamplingDefaults> {
  const where = join(dir, 'generation_config.json');
  const json = await readJson(where).catch((e: unknown) => {
    if (e instanceof RuntimeError && e.code === 'R301') return {};
    throw e;
  });
  const parsed = fields.safeParse(json);
  if (!parsed.success) throw new RuntimeError('R302', `${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`, { where, remedy: 'download the model directory again' });
  const { do_sample, temperature, top_p, top_k, min_p } = parsed.data;
  if (do_sample !== true) return { temperature: 0 };
  return { temperature: temperature ?? 1, topP: top_p ?? undefined, topK: top_k === 0 || top_k == null ? undefined : top_k, minP: min_p ?? undefined };
}
