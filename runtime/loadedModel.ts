import type { Document } from './document.js';
import { generate } from './generate.js';
import { kvDtype } from './kvCache.js';
import { lifetime } from './lifetime.js';
import { likelihoods } from './likelihood.js';
import type { Model } from './model.js';
import { openDocument, type OpenDocument } from './openDocument.js';
import type { Speaker } from './prompt.js';
import { queue } from './queue.js';
import { answering, type Desk, resulting } from './requests.js';

/** A speaker as its users see it: requests take turns and end with the model. `free` gives back what the speaker holds. */
export function loadedModel(speaker: Speaker, about: Pick<Model, 'id' | 'deviceChoice'>, free: () => Promise<void>): Model {
  const { config, tokenizer, chatTemplate, device, dtype } = speaker;
  const desk: Desk = { device, turns: queue(), life: lifetime('the model was disposed', 'load it again') };
  const documents = new Set<Document>();
  let freed: Promise<void> | undefined;
  return {
    ...about, config, tokenizer, chatTemplate, device, dtype, kvDtype: kvDtype(speaker),
    get waiting() { return desk.turns.waiting; },
    generate: (request) => answering(desk, request, (own) => generate(speaker, own)),
    negativeLogLikelihoods: async (request) => await resulting(desk, request, async (own) => await likelihoods(speaker, own)),
    prefill: async (request) => await resulting(desk, request, async (own) => {
      const document = handedOut(await openDocument(speaker, own), desk, () => documents.delete(document));
      documents.add(document);
      return document;
    }),
    [Symbol.asyncDispose]: async () => {
      freed ??= (async () => {
        // A document that is being read is one of them when this has resolved.
        await desk.life.end();
        await Promise.all([...documents].map((document) => document[Symbol.asyncDispose]()));
        await free();
      })();
      await freed;
    },
  };
}

/** A document with a lifetime within its model's, and turns among the model's. */
function handedOut(document: OpenDocument, desk: Desk, forget: () => void): Document {
  const life = lifetime('the document was disposed', 'prefill it again', desk.life);
  let freed: Promise<void> | undefined;
  return {
    tokens: document.tokens, chunks: document.chunks, storedChunks: document.storedChunks, bytes: document.bytes,
    generate: (request) => answering({ ...desk, life }, request, (own) => document.generate(own)),
    [Symbol.asyncDispose]: async () => {
      freed ??= (async () => {
        await life.end();
        document[Symbol.dispose]();
        forget();
      })();
      await freed;
    },
  };
}
