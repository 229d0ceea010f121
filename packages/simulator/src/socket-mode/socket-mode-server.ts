import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { CutOffPoint, PostOutcome } from '../delivery/post.ts';
import type { RetryReason } from '../delivery/retry-policy.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

/**
 * Why Slack ends a connection. Slack documents `refresh_requested` and `warning`; `link_disabled` (Socket Mode was
 * turned off) and `too_many_websockets` are reported in slackapi/node-slack-sdk#1654 and slackapi/node-slack-sdk#1762.
 */
export type DisconnectReason = 'refresh_requested' | 'warning' | 'link_disabled' | 'too_many_websockets';

/**
 * How a Socket Mode connection fails: the request gets no response (`no-upgrade`), the connection receives no `hello`
 * (`no-hello`), it receives `disconnect` instead of `hello` or right after it, or it is closed right after `hello`.
 */
export type ConnectionTrouble =
  | 'no-upgrade'
  | 'no-hello'
  | 'disconnect-before-hello'
  | 'disconnect-after-hello'
  | 'close-after-hello';

/** One envelope to send to the app. */
export interface EnvelopeOptions {
  type: 'events_api' | 'interactive' | 'slash_commands';
  payload: JsonObject;
  /** The number of the retry; 0 for the first attempt. */
  retryNum?: number;
  retryReason?: RetryReason | undefined;
  cutOff?: CutOffPoint | undefined;
}

/** Milliseconds between announcing that a connection will close and closing it. */
const GRACE_MS = 10_000;

/**
 * Maximum number of connections per app. Slack documents: "Socket Mode allows your app to maintain up to 10 open
 * connections".
 */
const MAX_CONNECTIONS = 10;

/**
 * The server side of Socket Mode, which accepts connections, sends each envelope to one connection, and waits for the
 * acknowledgement.
 */
export class SocketModeServer {
  readonly #appId: string;
  readonly #answerTimeoutMs: number;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #connections: WebSocket[] = [];
  readonly #waiting = new Map<string, (payload: unknown) => void>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #unanswered = new Set<Duplex>();
  #trouble: { kind: ConnectionTrouble; times: number } | undefined;
  #attempts = 0;

  constructor(options: { appId: string; answerTimeoutMs: number }) {
    this.#appId = options.appId;
    this.#answerTimeoutMs = options.answerTimeoutMs;
  }

  /** The number of connections that can receive envelopes. */
  get connections(): number {
    return this.#connections.length;
  }

  /** How often the app has requested a connection so far. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Makes the next `times` connections fail; 0 ends the failures. */
  trouble(kind: ConnectionTrouble, times: number): void {
    this.#trouble = times > 0 ? { kind, times } : undefined;
  }

  /** Handles the WebSocket requests of a server. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Creates a path and query to which the app can connect once. */
  open(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `/link/?ticket=${ticket}&app_id=${this.#appId}`;
  }

  /** Sends an envelope to one connection and waits for its acknowledgement. Never rejects. */
  async send({ type, payload, retryNum = 0, retryReason, cutOff }: EnvelopeOptions): Promise<PostOutcome> {
    const connection = this.#connections.shift();
    if (connection === undefined) return failed('connection_failed');
    // Round-robin.
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

  /** Announces to every open connection that it will close. The announced connections receive no more envelopes. */
  refresh(reason: DisconnectReason): void {
    for (const connection of this.#connections.splice(0)) {
      disconnect(connection, reason);
      const timer = setTimeout(() => connection.close(), GRACE_MS);
      this.#timers.add(timer);
      connection.once('close', () => {
        clearTimeout(timer);
        this.#timers.delete(timer);
      });
    }
  }

  /** Closes every connection. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const client of this.#server.clients) client.terminate();
    for (const socket of this.#unanswered) socket.destroy();
    this.#server.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'ws://localhost');
    const ticket = searchParams.get('ticket') ?? '';
    if (pathname !== '/link/' || !this.#tickets.delete(ticket)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
      return;
    }
    this.#attempts += 1;
    const trouble = this.#nextTrouble();
    if (trouble === 'no-upgrade') {
      this.#unanswered.add(socket);
      socket.once('close', () => this.#unanswered.delete(socket)).on('error', () => {});
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (connection) => this.#greet(connection, trouble));
  }

  #nextTrouble(): ConnectionTrouble | undefined {
    const trouble = this.#trouble;
    if (!trouble) return undefined;
    trouble.times -= 1;
    if (trouble.times === 0) this.#trouble = undefined;
    return trouble.kind;
  }

  #greet(connection: WebSocket, trouble: ConnectionTrouble | undefined): void {
    connection.on('error', () => connection.terminate());
    if (trouble === 'no-hello') return;
    if (trouble === 'disconnect-before-hello') {
      disconnect(connection, 'warning');
      return;
    }
    if (this.#connections.length >= MAX_CONNECTIONS) {
      disconnect(connection, 'too_many_websockets');
      connection.close();
      return;
    }
    this.#accept(connection);
    if (trouble === 'disconnect-after-hello') disconnect(connection, 'refresh_requested');
    if (trouble === 'close-after-hello') connection.close();
  }

  #accept(connection: WebSocket): void {
    // Every envelope in flight listens for the close.
    connection.setMaxListeners(0);
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

function disconnect(connection: WebSocket, reason: DisconnectReason): void {
  connection.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'simulator' } }));
}

function failed(failure: RetryReason): PostOutcome {
  return { failure, status: undefined, noRetry: false, body: '' };
}

/** Returns the payload of an acknowledgement as text. An empty payload counts as absent. */
function textOf(payload: unknown): string {
  return isJsonObject(payload) && Object.keys(payload).length > 0 ? JSON.stringify(payload) : '';
}

/** Returns the retry reason as Socket Mode names it. Socket Mode and HTTP use different names for a timeout. */
function reasonOf(reason: RetryReason | undefined): string {
  return reason === 'http_timeout' ? 'timeout' : (reason ?? '');
}
