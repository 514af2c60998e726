import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readSamplingDefaults } from '../../../runtime/server/samplingDefaults.js';

/** A model directory with this generation_config.json, or none. */
function dirWith(config: object | undefined): string {
  const dir = mkdtempSync(join(tmpdir(), 'generation-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  if (config !== undefined) writeFileSync(join(dir, 'generation_config.json'), JSON.stringify(config));
  return dir;
}

const greedy = { temperature: 0 };

test.each<[string, object | undefined, object]>([
  ['no file', undefined, greedy],
  ['a file that does not sample', { do_sample: false, temperature: 0.7 }, greedy],
  ['a file that says nothing of it', { bos_token_id: 1 }, greedy],
  ['Llama 3', { do_sample: true, temperature: 0.6, top_p: 0.9 }, { temperature: 0.6, topP: 0.9, topK: undefined, minP: undefined }],
  ['sampling alone', { do_sample: true }, { temperature: 1, topP: undefined, topK: undefined, minP: undefined }],
  ['top_k switched off', { do_sample: true, top_k: 0, min_p: 0.05 }, { temperature: 1, topP: undefined, topK: undefined, minP: 0.05 }],
])('%s', async (_, config, sampling) => expect(await readSamplingDefaults(dirWith(config))).toEqual(sampling));

test.each([{ do_sample: 'yes' }, { temperature: -1 }, { top_p: 2 }, { top_k: 1.5 }])('%j is refused with its field', async (config) => {
  await expect(readSamplingDefaults(dirWith(config))).rejects.toMatchObject({ code: 'R302', message: expect.stringContaining(`generation_config.json: ${Object.keys(config)[0]}: `) });
});
