import type { Context } from 'hono';
import { ApiError, clientGone } from './apiError.js';

/** The JSON a request carries, of at most `most` bytes. Throws ApiErrors: 415 for another content type, 413, 400 for no JSON, 499. */
export async function readJson(c: Context, most: number): Promise<unknown> {
  // Clients of the API say what they send; a page of another origin cannot say it without asking first.
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new ApiError(415, `the body's content type is '${type}'; send Content-Type: application/json`, { code: 'unsupported_media_type' });
  const text = await readText(c, most);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiError(400, `the body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { code: 'invalid_json' });
  }
}

/** Read here and not by hono's own limit, which makes a Request anew and so needs the adapter to replace the process' global one. */
async function readText(c: Context, most: number): Promise<string> {
  if (Number(c.req.header('content-length') ?? 0) > most) throw tooLarge(most);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of c.req.raw.body ?? []) {
      bytes += part.length;
      if (bytes > most) throw tooLarge(most);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    // Only a connection that breaks keeps a body from being read.
    throw clientGone();
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

const tooLarge = (most: number): ApiError => new ApiError(413, `the body has more than ${most} bytes`, { code: 'body_too_large' });
