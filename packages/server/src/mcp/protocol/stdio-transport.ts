import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import type { Logger } from '@slack-mcp/core';
import { idOf, type MessageProblem, problemOf } from './message-problem.ts';

/** Maximum characters in a message. Longer messages are rejected as invalid. */
const MAX_LENGTH = 10 * 1024 * 1024;

/** Maximum number of messages in a batch. Only revision 2025-03-26 of MCP allows batches. */
const MAX_BATCH = 100;

/** Maximum time in milliseconds to send errors for abandoned requests to the client. */
const LAST_WORDS_MS = 500;

const TOO_LONG: MessageProblem = { code: -32600, message: `A message may have at most ${MAX_LENGTH} characters.` };
const NOT_JSON: MessageProblem = { code: -32700, message: 'Parse error: the line is not valid JSON.' };
const NO_BATCH: MessageProblem = { code: -32600, message: `A batch must have 1 to ${MAX_BATCH} messages.` };
const NO_TIME: MessageProblem = { code: -32000, message: 'The server was shut down before the request was answered.' };

/** Options of `StdioTransport`. */
export interface StdioTransportOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Maximum time in milliseconds to answer open requests after the input ends. */
  readonly drainTimeoutMs: number;
  /** Stops reading when aborted, as if the input had ended. */
  readonly signal?: AbortSignal | undefined;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * A stdio transport for both SDK versions, with one message per line. Unlike the SDKs' own transports, this transport
 * exposes the first message before a server receives it, returns errors for invalid messages, stops reading while the
 * client does not read the answers, and ends only after all requests are answered.
 */
export class StdioTransport implements Transport {
  onmessage?: NonNullable<Transport['onmessage']>;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /**
   * The first request or notification, which the server still receives afterwards; undefined if the input ended without
   * a message.
   */
  readonly opening: Promise<JSONRPCMessage | undefined>;
  /**
   * Resolves when the input has ended and all requests are answered, when answering takes too long, or when a stream
   * breaks.
   */
  readonly ended: Promise<void>;

  readonly #stdin: Readable;
  readonly #stdout: Writable;
  readonly #drainTimeoutMs: number;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #waiting: JSONRPCMessage[] = [];
  readonly #unanswered = new Set<RequestId>();
  readonly #open: (first: JSONRPCMessage | undefined) => void;
  readonly #end: () => void;
  #started = false;
  #inputEnded = false;
  #line = '';
  /** Whether the current line is being discarded because it is too long. */
  #skips = false;
  #drain: NodeJS.Timeout | undefined;

  constructor({ stdin, stdout, drainTimeoutMs, signal, logger }: StdioTransportOptions) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#drainTimeoutMs = drainTimeoutMs;
    this.#logger = logger;
    ({ promise: this.opening, resolve: this.#open } = Promise.withResolvers<JSONRPCMessage | undefined>());
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = () => {
      this.#open(undefined);
      resolve();
    };
    const endInput = () => this.#endInput();
    stdin
      .setEncoding('utf8')
      .on('data', this.#read)
      .once('end', endInput)
      .once('close', endInput)
      .on('error', endInput);
    signal?.addEventListener('abort', () => {
      this.#stopReading();
      endInput();
    });
    // The reader disconnected (EPIPE). The listener stays, so that later writes do not end the process.
    stdout.on('error', this.#end).once('close', this.#end);
  }

  async start(): Promise<void> {
    this.#started = true;
    if (this.#inputEnded) this.#startDrain();
    for (const message of this.#waiting.splice(0)) this.onmessage?.(message);
  }

  /** Resolves when the message is written, or when writing it is no longer possible. */
  async send(message: JSONRPCMessage): Promise<void> {
    await this.#write(message);
    if (!('method' in message) && message.id !== undefined) this.#settle(message.id);
  }

  async close(): Promise<void> {
    this.#stopReading();
    clearTimeout(this.#drain);
    this.#end();
    const { onclose } = this;
    delete this.onclose;
    onclose?.();
  }

  readonly #read = (text: string): void => {
    const [first = '', ...more] = text.split('\n');
    this.#add(first);
    for (const next of more) {
      const line = this.#line;
      this.#line = '';
      if (this.#skips) this.#refuse(TOO_LONG);
      else this.#receive(line);
      this.#skips = false;
      this.#add(next);
    }
  };

  #add(text: string): void {
    this.#skips ||= this.#line.length + text.length > MAX_LENGTH;
    this.#line = this.#skips ? '' : this.#line + text;
  }

  #receive(line: string): void {
    // Some clients start with a byte order mark. Remove it.
    const text = line.replace(/^\ufeff/, '');
    if (text.trim() === '') return;
    let read: unknown;
    try {
      read = JSON.parse(text);
    } catch {
      this.#refuse(NOT_JSON);
      return;
    }
    const messages = Array.isArray(read) ? read : [read];
    if (messages.length === 0 || messages.length > MAX_BATCH) {
      this.#refuse(NO_BATCH);
      return;
    }
    for (const message of messages) {
      const problem = problemOf(message);
      if (problem === undefined) this.#take(message);
      else this.#refuse(problem, idOf(message));
    }
  }

  #refuse(error: MessageProblem, id: RequestId | null = null): void {
    this.#logger.warn({ code: error.code, reason: error.message }, 'mcp_message_refused');
    void this.#write({ jsonrpc: '2.0', id, error });
  }

  #take(message: JSONRPCMessage): void {
    if ('method' in message) {
      this.#open(message);
      // A cancelled request gets no answer, and a subscription stays open until the end.
      if (message.method === 'notifications/cancelled') this.#settle(message.params?.['requestId'] as RequestId);
      else if ('id' in message && message.method !== 'subscriptions/listen') this.#unanswered.add(message.id);
    }
    if (this.#started) this.onmessage?.(message);
    else this.#waiting.push(message);
  }

  /** Resolves when the message is written, or when writing it is no longer possible. */
  #write(message: object): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wantsMore = this.#stdout.write(`${JSON.stringify(message)}\n`, () => resolve());
    if (!wantsMore && !this.#stdin.isPaused()) {
      this.#stdin.pause();
      this.#stdout.once('drain', () => this.#stdin.resume());
    }
    return promise;
  }

  #stopReading(): void {
    this.#stdin.off('data', this.#read).pause();
  }

  #settle(id: RequestId): void {
    this.#unanswered.delete(id);
    if (this.#inputEnded && this.#unanswered.size === 0) this.#end();
  }

  #endInput(): void {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    if (this.#unanswered.size === 0) this.#end();
    else if (this.#started) this.#startDrain();
  }

  /** Starts the time limit for answering the open requests. */
  #startDrain(): void {
    this.#drain = setTimeout(async () => {
      const last = [...this.#unanswered].map((id) => this.#write({ jsonrpc: '2.0', id, error: NO_TIME }));
      await Promise.race([Promise.all(last), sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      this.#end();
    }, this.#drainTimeoutMs);
  }
}
