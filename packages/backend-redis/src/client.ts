import { ConnectionError, type Logger, QueueClosedError } from '@slack-mcp/core';
import { type Address, ConnectionProbe, HandshakeError, type ProtocolProbe } from '@slack-mcp/core/backend';
import type { Cluster, Redis } from 'ioredis';
import { createClient } from './create-client.ts';
import type { ResolvedOptions } from './options.ts';
import { isRefusedBySentinel, MAX_CLIENTS, replyCode, toQueueError } from './redis-error.ts';
import { withholdArguments } from './withhold-arguments.ts';

/** An argument of a command. */
export type Argument = string | number | Buffer;

/** Milliseconds to wait for the answer to a TLS handshake before the client checks whether the server supports TLS. */
const SLOW_HANDSHAKE_MS = 1_000;

/** Recognizes Redis by its answer to a command that needs no authentication. */
const PROTOCOL: ProtocolProbe = {
  request: 'PING\r\n',
  isAnswer: ([first]) => first === 0x2b || first === 0x2d,
  readRefusal: (bytes) => (Buffer.from(bytes).includes('max number of clients') ? MAX_CLIENTS : undefined),
};

/** Matches errors that make the connection unusable, although the client would keep using it. */
const UNUSABLE = /DB index is out of range|SELECT is not allowed/i;

/**
 * A connection that opens with its first command and keeps reconnecting. If the connection is lost, pending commands
 * reject. A command is never sent again automatically and never waits for more than one attempt to connect.
 */
export class RedisConnection {
  readonly #options: ResolvedOptions;
  readonly #logger: Logger;
  readonly #role: string;
  readonly #socketTimeoutMs: number;
  readonly #probe: ConnectionProbe;
  #client: Redis | Cluster | undefined;
  #opening: Promise<Redis | Cluster> | undefined;
  #lastError: Error | undefined;
  #unusable: Error | undefined;
  #closed = false;
  #lost = false;
  #everReady = false;
  /** Increases by one each time the connection is lost. */
  epoch = 0;

  /**
   * @param socketTimeoutMs - milliseconds without a response after which a connection with a pending command counts as
   * dead
   */
  constructor(options: ResolvedOptions, role: string, socketTimeoutMs: number = options.responseTimeoutMs) {
    this.#options = options;
    this.#logger = options.logger;
    this.#role = role;
    this.#socketTimeoutMs = socketTimeoutMs;
    const { cluster, sentinels, tls, host, port } = options;
    const [address = { host, port }]: readonly Address[] = cluster ?? sentinels ?? [];
    this.#probe = new ConnectionProbe(address, tls, PROTOCOL);
  }

  /** Sends a command. Strings in the reply are decoded as UTF-8. */
  call(command: string, ...args: Argument[]): Promise<unknown> {
    return this.#send((client) => client.call(command, ...args));
  }

  /** Sends a command. Strings in the reply are returned as bytes. */
  callBuffer(command: string, ...args: Argument[]): Promise<unknown> {
    return this.#send((client) => client.callBuffer(command, ...args));
  }

  /** Resolves when the connection is ready. Rejects when an attempt to connect fails. */
  async ready(): Promise<void> {
    if (!this.isReady) await this.ping();
  }

  /** Resolves when Redis responds, even with a refusal: a Redis that refuses writes may also refuse `PING`. */
  async ping(): Promise<void> {
    try {
      await this.call('PING');
    } catch (error) {
      if (replyCode(error) !== 'MISCONF') throw error;
    }
  }

  /** Sends a command to each master of a cluster, or to the single Redis. */
  callEach(command: string, ...args: Argument[]): Promise<unknown[]> {
    const client = this.#client;
    const nodes = client !== undefined && 'nodes' in client ? client.nodes('master') : [];
    if (nodes.length === 0) return Promise.all([this.call(command, ...args)]);
    return Promise.all(nodes.map((node) => this.#send(() => node.call(command, ...args))));
  }

  get isReady(): boolean {
    return this.#client?.status === 'ready';
  }

  /** The error that explains why the connection is not open, or `undefined` while the connection is open. */
  get lastError(): Error | undefined {
    return this.#lastError;
  }

  /** Closes the connection at once. Pending commands are rejected. */
  close(): void {
    this.#closed = true;
    this.#client?.disconnect();
  }

  async #send(command: (client: Redis | Cluster) => Promise<unknown>): Promise<unknown> {
    if (this.#closed) throw new QueueClosedError('the Redis backend is closed: create a new one');
    if (this.#unusable !== undefined) throw this.#unusable;
    if (this.#options.passwordSource === undefined) this.#client ??= this.#open(this.#options);
    const client = this.#client ?? (await this.#openWithPassword(this.#options.passwordSource));
    try {
      return await command(client);
    } catch (error) {
      withholdArguments(error);
      if (this.#closed)
        throw new QueueClosedError('the Redis backend was closed before Redis answered: create a new one', {
          cause: error,
        });
      const reason = this.#unusable ?? (await this.#diagnose(this.#explain(error as Error)));
      throw this.#isRotated(reason) ? this.#forgetPassword(client, reason) : reason;
    }
  }

  /**
   * Opens the connection with a password from the password function. Concurrent commands share one call of the
   * function.
   */
  #openWithPassword(source: (() => string | Promise<string>) | undefined): Promise<Redis | Cluster> {
    this.#opening ??= this.#ask(source).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #ask(source: (() => string | Promise<string>) | undefined): Promise<Redis | Cluster> {
    let password: string | undefined;
    try {
      password = await source?.();
    } catch (error) {
      // Its message may contain the password.
      const kind = error instanceof Error ? error.name : typeof error;
      throw new ConnectionError(
        `cannot connect to ${this.#options.endpoint}: the password function failed (${kind}); check the function`,
      );
    }
    if (this.#closed) throw new QueueClosedError('the Redis backend is closed: create a new one');
    this.#client = this.#open({ ...this.#options, password });
    return this.#client;
  }

  /** Whether Redis refuses a password that the password function returned. */
  #isRotated(error: Error): boolean {
    const refused = ['WRONGPASS', 'NOAUTH'].includes(replyCode(error) ?? '') || /invalid password/i.test(error.message);
    return refused && this.#options.passwordSource !== undefined;
  }

  #forgetPassword(client: Redis | Cluster, cause: Error): Error {
    if (this.#client === client) {
      client.disconnect();
      this.#client = undefined;
      this.#lastError = undefined;
      this.#everReady = false;
    }
    const { endpoint } = this.#options;
    return new ConnectionError(
      `${endpoint}: Redis refuses the password; the next attempt calls the password function again`,
      {
        cause,
      },
    );
  }

  /**
   * Returns the reason why a command failed. The client's own error says only that the connection is closed, so the
   * reason comes from an earlier event.
   */
  #explain(error: Error): Error {
    if (error.name === 'ReplyError') return error;
    const reason = this.#lastError ?? (error as { lastNodeError?: Error }).lastNodeError;
    if (reason !== undefined || this.#everReady) return reason ?? error;
    this.#lastError = new HandshakeError(error, { tls: this.#options.tls });
    return this.#lastError;
  }

  /** Finds out why a connection failed before its first reply, if the error has several possible causes. */
  async #diagnose(error: Error): Promise<Error> {
    if (isRefusedBySentinel(error)) return error;
    const certain = await this.#probe.diagnose(error);
    if (this.#lastError === error) this.#lastError = certain;
    return certain;
  }

  /**
   * Ends a TLS handshake with a server that does not support TLS. A server without TLS may never answer, because it
   * waits for the rest of a command.
   */
  #watchHandshake(client: Redis | Cluster): void {
    if (!this.#options.tls) return;
    let timer: NodeJS.Timeout | undefined;
    client.on('connecting', () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        if (!this.isReady && (await this.#probe.find()) === 'tls' && !this.#closed) client.disconnect(true);
      }, SLOW_HANDSHAKE_MS);
    });
    for (const event of ['ready', 'close', 'end']) client.on(event, () => clearTimeout(timer));
  }

  #open(options: ResolvedOptions): Redis | Cluster {
    const client = createClient(options, this.#role, this.#socketTimeoutMs);
    this.#watchHandshake(client);
    client.on('error', (error: Error) => this.#onError(error));
    client.on('ready', () => {
      this.#lastError = undefined;
      this.#everReady = true;
      const { endpoint } = this.#options;
      this.#logger.info(
        { endpoint, connection: this.#role },
        this.#lost ? 'queue_connection_restored' : 'queue_connected',
      );
      this.#lost = false;
    });
    client.on('close', () => this.#onLost());
    // With Sentinel or Cluster, the client ends when no node is reachable. The next command creates a new client.
    client.on('end', () => {
      if (this.#client === client && this.#unusable === undefined) {
        this.#client = undefined;
        this.#everReady = false;
      }
      this.#onLost();
    });
    client.on('-node', (node: { options?: { host?: string; port?: number } }) => {
      const { host, port } = node.options ?? {};
      this.#onNodeLeft(`${host}:${port}`);
    });
    return client;
  }

  #onError(error: Error): void {
    withholdArguments(error);
    const reason = (error as { lastNodeError?: Error }).lastNodeError ?? error;
    const replied = this.#everReady || reason.name === 'ReplyError';
    this.#lastError = replied ? reason : new HandshakeError(reason, { tls: this.#options.tls });
    void this.#diagnose(this.#lastError);
    if (!UNUSABLE.test(error.message)) return;
    this.#unusable = error;
    this.#client?.disconnect();
  }

  /**
   * Handles a node that the client no longer uses. Before the first connection, the client only replaces a configured
   * address with the name that the cluster announces, so no connection is lost.
   */
  #onNodeLeft(node: string): void {
    if (this.#everReady) {
      this.#onLost();
      return;
    }
    const { endpoint } = this.#options;
    this.#logger.info({ endpoint, connection: this.#role, node }, 'queue_node_renamed');
  }

  #onLost(): void {
    this.epoch += 1;
    if (this.#closed || this.#lost) return;
    this.#lost = true;
    void this.#logLost();
  }

  async #logLost(): Promise<void> {
    const { endpoint } = this.#options;
    const error = this.#lastError && toQueueError(await this.#diagnose(this.#lastError), 'the connection', endpoint);
    const fields = { endpoint, connection: this.#role, code: error?.code, reason: error?.message };
    this.#logger.warn(fields, 'queue_connection_lost');
  }
}
