import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { takeOver } from './http-transport.ts';
import { PRIMING, type SessionEvents } from './session-events.ts';

const HEAD = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  connection: 'keep-alive',
  'x-accel-buffering': 'no',
};

/** How a {@link CallStream} stores and sends its events. */
export interface CallStreamOptions {
  /** The ID of the stream, unique in its session. */
  readonly id: string;
  readonly events: SessionEvents;
  /** Whether the client understands an event without data, which lets the client resume before the first message. */
  readonly hasPriming: boolean;
  /** Milliseconds between keep-alives on a silent stream. */
  readonly keepAliveMs: number;
}

/**
 * The event stream of one call. Events are stored before they are sent, so that a client whose connection broke can
 * resume the stream, before or after the call has ended.
 */
export class CallStream {
  readonly id: string;
  readonly #options: CallStreamOptions;
  #response: ServerResponse | undefined;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(options: CallStreamOptions) {
    this.#options = options;
    this.id = options.id;
  }

  /** Opens the stream on the first connection. */
  open(reply: FastifyReply): void {
    this.#connect(reply, this.#priming());
  }

  /** Continues the stream on another connection, after the last event that the client has received. */
  resume(reply: FastifyReply, lastEventId: string): void {
    this.#disconnect();
    const missed = this.#options.events.after(lastEventId).map(({ id, text }) => eventOf(id, text));
    this.#connect(reply, missed.join(''));
  }

  /** Sends a message, as JSON. */
  send(text: string): void {
    this.#write(this.#event(text));
  }

  /** Sends the last message, and ends the stream. */
  end(text: string): void {
    this.#disconnect(this.#event(text));
  }

  /** Opens the stream, sends its only message and ends the stream, in one write. */
  sendAll(reply: FastifyReply, text: string): void {
    const body = this.#priming() + this.#event(text);
    takeOver(reply)
      .writeHead(200, { ...HEAD, 'content-length': Buffer.byteLength(body) })
      .end(body);
  }

  #priming(): string {
    const { events, hasPriming } = this.#options;
    return hasPriming ? `id: ${events.store(this.id, PRIMING)}\ndata: \n\n` : '';
  }

  #event(text: string): string {
    return eventOf(this.#options.events.store(this.id, text), text);
  }

  #connect(reply: FastifyReply, body: string): void {
    const { keepAliveMs } = this.#options;
    const response = takeOver(reply);
    this.#response = response;
    response.writeHead(200, HEAD);
    if (body === '') response.flushHeaders();
    else response.write(body);
    if (keepAliveMs > 0) {
      this.#keepAlive = setInterval(() => this.#write(': keepalive\n\n'), keepAliveMs).unref();
    }
    response.once('close', () => {
      if (this.#response === response) this.#disconnect();
    });
  }

  #write(text: string): void {
    this.#response?.write(text);
  }

  /** @param last - the last event, which is sent in one write with the end of the response */
  #disconnect(last = ''): void {
    clearInterval(this.#keepAlive);
    this.#response?.end(last);
    this.#response = undefined;
  }
}

function eventOf(id: string, text: string): string {
  return `event: message\nid: ${id}\ndata: ${text}\n\n`;
}
