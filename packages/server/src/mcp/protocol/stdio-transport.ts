import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';

/** Characters of a message, above which the other side is not speaking the protocol. */
const MAX_LENGTH = 10 * 1024 * 1024;

/**
 * Messages as lines over two streams, for either line of the SDK. Unlike theirs it shows the first message before
 * anybody takes it, and ends only after what was asked before the input ended is answered.
 */
export class StdioTransport implements Transport {
  onmessage?: NonNullable<Transport['onmessage']>;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /** The first request or notification; undefined when the input ended without. It is not taken by looking at it. */
  readonly opening: Promise<JSONRPCMessage | undefined>;
  /** Resolves when the input ended and what was asked is answered, when that took too long, or when a stream broke. */
  readonly ended: Promise<void>;

  readonly #stdin: Readable;
  readonly #stdout: Writable;
  readonly #drainTimeoutMs: number;
  readonly #waiting: JSONRPCMessage[] = [];
  readonly #unanswered = new Set<RequestId>();
  readonly #open: (first: JSONRPCMessage | undefined) => void;
  readonly #end: () => void;
  #started = false;
  #inputEnded = false;
  #line = '';
  #drain: NodeJS.Timeout | undefined;

  /** @param drainTimeoutMs - longest time to finish what was asked before the input ended */
  constructor(stdin: Readable, stdout: Writable, drainTimeoutMs: number) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#drainTimeoutMs = drainTimeoutMs;
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
    // The reader went away (EPIPE). The listener stays: what is still written must not end the process.
    stdout.on('error', this.#end).once('close', this.#end);
  }

  async start(): Promise<void> {
    this.#started = true;
    if (this.#inputEnded) this.#startDrain();
    for (const message of this.#waiting.splice(0)) this.onmessage?.(message);
  }

  /** Resolves when the message has left the process, or cannot any more. */
  async send(message: JSONRPCMessage): Promise<void> {
    await new Promise<void>((resolve) => this.#stdout.write(`${JSON.stringify(message)}\n`, () => resolve()));
    if (!('method' in message) && message.id !== undefined) this.#settle(message.id);
  }

  async close(): Promise<void> {
    this.#stdin.off('data', this.#read).pause();
    clearTimeout(this.#drain);
    this.#end();
    const { onclose } = this;
    delete this.onclose;
    onclose?.();
  }

  readonly #read = (text: string): void => {
    const [first = '', ...more] = text.split('\n');
    this.#line += first;
    for (const next of more) {
      this.#receive(this.#line);
      this.#line = next;
    }
    if (this.#line.length <= MAX_LENGTH) return;
    this.onerror?.(new Error(`A message is longer than ${MAX_LENGTH} characters.`));
    void this.close();
  };

  #receive(line: string): void {
    if (line.trim() === '') return;
    let message: JSONRPCMessage;
    try {
      message = JSON.parse(line);
    } catch {
      this.onerror?.(new Error('A line is not JSON.'));
      return;
    }
    if (typeof message !== 'object' || message === null) return;
    if ('method' in message) {
      this.#open(message);
      // Nobody answers what was cancelled; what is listened to goes on until the end.
      if (message.method === 'notifications/cancelled') this.#settle(message.params?.['requestId'] as RequestId);
      else if ('id' in message && message.method !== 'subscriptions/listen') this.#unanswered.add(message.id);
    }
    if (this.#started) this.onmessage?.(message);
    else this.#waiting.push(message);
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

  /** The time that is left begins when there is somebody to answer. */
  #startDrain(): void {
    this.#drain = setTimeout(this.#end, this.#drainTimeoutMs);
  }
}
