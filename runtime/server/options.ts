import type { RequestDefaults } from './asked.js';

/** How a server is set up; what is left out has the default that is named. */
export interface ServerOptions {
  /** 127.0.0.1: this machine alone. */
  readonly host: string;
  /** 8080; 0 takes a free one. */
  readonly port: number;
  /** The name clients ask for; the model directory's unless said. */
  readonly name: string | undefined;
  /** Clients must send it as `Authorization: Bearer …`; none unless said. */
  readonly apiKey: string | undefined;
  /** Origin that pages may ask from (`*`: all); none unless said. */
  readonly corsOrigin: string | undefined;
  /** Requests that may wait; 64. */
  readonly queue: number;
  /** Bytes of a body; 16 MiB. */
  readonly maxBody: number;
  /** Longest answer a request may ask for, in tokens; half the window. */
  readonly maxTokens: number | undefined;
  /** Documents kept for further questions; 4. */
  readonly documents: number;
  /** Bytes of device memory they may hold together; half of what a GPU has beside the weights, a quarter of a processor's memory. */
  readonly documentMemory: number | undefined;
  /** Bytes that a request's tensors may take; see `GenerateRequest`. */
  readonly memoryBudget: number | undefined;
  /** Seconds without a word after which a stream gets a comment; 10. */
  readonly keepAlive: number;
  /** What requests get that do not say. */
  readonly defaults: RequestDefaults;
}

export const serverDefaults: ServerOptions = {
  host: '127.0.0.1', port: 8080, name: undefined, apiKey: undefined, corsOrigin: undefined,
  queue: 64, maxBody: 2 ** 24, maxTokens: undefined, documents: 4, documentMemory: undefined, memoryBudget: undefined,
  keepAlive: 10, defaults: { parallelComp: {} },
};
