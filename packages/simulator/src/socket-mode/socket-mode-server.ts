import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { CutOffPoint, PostOutcome } from '../delivery/post.ts';
import type { RetryReason } from '../delivery/retry-policy.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

/** Why Slack asks an app to connect anew. */
export type DisconnectReason = 'refresh_requested' | 'warning';

/** One envelope to the app. */
export interface EnvelopeOptions {
  type: 'events_api' | 'interactive' | 'slash_commands';
  payload: JsonObject;
  /** 0 for the first attempt. */
  retryNum?: number;
  retryReason?: RetryReason | undefined;
  cutOff?: CutOffPoint | undefined;
}

/** Milliseconds between telling a connection that it will be closed and closing it. */
const GRACE_MS = 10_000;

/** The server side of Socket Mode: connections of the app, envelopes to one of them, acknowledgements from it. */
export class SocketModeServer {
  readonly #appId: string;
  readonly #answerTimeoutMs: number;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #connections: WebSocket[] = [];
  readonly #waiting = new Map<string, (payload: unknown) => void>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: { appId: string; answerTimeoutMs: number }) {
    this.#appId = options.appId;
    this.#answerTimeoutMs = options.answerTimeoutMs;
  }

  /** How many connections envelopes may go to. */
  get connections(): number {
    return this.#connections.length;
  }

  /** Takes over the WebSocket requests of a server. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** The path and query that an app connects to, once. */
  open(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `/link/?ticket=${ticket}&app_id=${this.#appId}`;
  }

  /** Sends an envelope to one connection and waits for its acknowledgement. Never rejects. */
  async send({ type, payload, retryNum = 0, retryReason, cutOff }: EnvelopeOptions): Promise<PostOutcome> {
    const connection = this.#connections.shift();
    if (connection === undefined) return failed('connection_failed');
    // In turns.
    this.#connections.push(connection);
    if (cutOff === 'before-request') {
      connection.terminate();
      return failed('connection_failed');
    }
    const id = randomUUID();
    const { promise, resolve } = Promise.withResolvers<PostOutcome>();
    const lost = (): void => resolve(failed('connection_failed'));
    const timer = setTimeout(() => resolve(failed('http_timeout')), this.#answerTimeoutMs);
    this.#waiting.set(id, (answer) => {
      if (cutOff === 'after-answer') connection.terminate();
      else resolve({ failure: undefined, status: 200, noRetry: false, body: textOf(answer) });
    });
    connection.once('close', lost);
    const envelope = {
      envelope_id: id,
      type,
      accepts_response_payload: type !== 'events_api',
      payload,
      ...(type === 'events_api' ? { retry_attempt: retryNum, retry_reason: reasonOf(retryReason) } : {}),
    };
    connection.send(JSON.stringify(envelope), () => {
      if (cutOff === 'after-request') connection.terminate();
    });
    const outcome = await promise;
    clearTimeout(timer);
    connection.off('close', lost);
    this.#waiting.delete(id);
    return outcome;
  }

  /** Tells every connection that it will be closed; it gets no more envelopes. */
  refresh(reason: DisconnectReason): void {
    for (const connection of this.#connections.splice(0)) {
      connection.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'simulator' } }));
      const timer = setTimeout(() => connection.close(), GRACE_MS);
      this.#timers.add(timer);
      connection.once('close', () => {
        clearTimeout(timer);
        this.#timers.delete(timer);
      });
    }
  }

  /** Ends every connection. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'ws://localhost');
    const ticket = searchParams.get('ticket') ?? '';
    if (pathname !== '/link/' || !this.#tickets.delete(ticket)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (connection) => this.#accept(connection));
  }

  #accept(connection: WebSocket): void {
    // Every envelope on its way listens for the end.
    connection.setMaxListeners(0);
    connection.on('error', () => connection.terminate());
    connection.on('message', (data) => this.#acknowledged(String(data)));
    connection.once('close', () => {
      const index = this.#connections.indexOf(connection);
      if (index >= 0) this.#connections.splice(index, 1);
    });
    this.#connections.push(connection);
    connection.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#connections.length,
        connection_info: { app_id: this.#appId },
        debug_info: { host: 'simulator', approximate_connection_time: 18_060 },
      }),
    );
  }

  #acknowledged(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (isJsonObject(message)) this.#waiting.get(String(message.envelope_id))?.(message.payload);
  }
}

function failed(failure: RetryReason): PostOutcome {
  return { failure, status: undefined, noRetry: false, body: '' };
}

/** An empty payload is none. */
function textOf(payload: unknown): string {
  return isJsonObject(payload) && Object.keys(payload).length > 0 ? JSON.stringify(payload) : '';
}

/** Socket Mode has its own word for what took too long. */
function reasonOf(reason: RetryReason | undefined): string {
  return reason === 'http_timeout' ? 'timeout' : (reason ?? '');
}
