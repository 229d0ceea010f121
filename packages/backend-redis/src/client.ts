import { readFileSync } from 'node:fs';
import { backoffDelay, ConfigurationError, type Logger, QueueClosedError } from '@slack-mcp/core';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { ResolvedOptions } from './options.ts';
import { HandshakeError } from './redis-error.ts';

/** An argument of a command. */
export type Argument = string | number | Buffer;

/** Longest pause between two attempts to connect, in milliseconds. */
const MAX_RETRY_DELAY_MS = 2_000;

/** Failures at which the connection is of no use, although the client would go on with it. */
const UNUSABLE = /DB index is out of range|SELECT is not allowed/i;

/**
 * A connection that is opened by its first command and reconnects for ever. Each command gets its answer or is rejected
 * when the connection is lost: none is sent again by itself, none waits longer than one attempt to connect.
 */
export class RedisConnection {
  readonly #options: ResolvedOptions;
  readonly #logger: Logger;
  readonly #role: string;
  readonly #socketTimeoutMs: number;
  #client: Redis | Cluster | undefined;
  #lastError: Error | undefined;
  #unusable: Error | undefined;
  #closed = false;
  #lost = false;
  #everReady = false;
  /** Grows with every connection that was lost. */
  epoch = 0;

  /**
   * @param socketTimeoutMs - silence after which a connection that owes an answer is taken for dead
   */
  constructor(options: ResolvedOptions, role: string, socketTimeoutMs: number = options.responseTimeoutMs) {
    this.#options = options;
    this.#logger = options.logger;
    this.#role = role;
    this.#socketTimeoutMs = socketTimeoutMs;
  }

  /** Sends a command. Strings come back as UTF-8. */
  call(command: string, ...args: Argument[]): Promise<unknown> {
    return this.#send((client) => client.call(command, ...args));
  }

  /** Sends a command. Strings come back as bytes. */
  callBuffer(command: string, ...args: Argument[]): Promise<unknown> {
    return this.#send((client) => client.callBuffer(command, ...args));
  }

  /** Resolves when there is a connection; rejects when an attempt to have one failed. */
  async ready(): Promise<void> {
    if (!this.isReady) await this.call('PING');
  }

  get isReady(): boolean {
    return this.#client?.status === 'ready';
  }

  get opened(): boolean {
    return this.#client !== undefined;
  }

  /** Why there is no connection; `undefined` while there is one. */
  get lastError(): Error | undefined {
    return this.#lastError;
  }

  /** Closes it at once; what is under way is rejected. */
  close(): void {
    this.#closed = true;
    this.#client?.disconnect();
  }

  async #send(command: (client: Redis | Cluster) => Promise<unknown>): Promise<unknown> {
    if (this.#closed) throw new QueueClosedError('the Redis backend is closed: create a new one');
    if (this.#unusable !== undefined) throw this.#unusable;
    this.#client ??= this.#open();
    try {
      return await command(this.#client);
    } catch (error) {
      if (this.#closed) throw new QueueClosedError('the Redis backend was closed', { cause: error });
      throw this.#unusable ?? this.#explain(error as Error);
    }
  }

  /** The client says that the connection is closed; the reason came before, as an event. */
  #explain(error: Error): Error {
    if (error.name === 'ReplyError') return error;
    const nodeError = (error as { lastNodeError?: Error }).lastNodeError;
    return this.#lastError ?? nodeError ?? error;
  }

  #open(): Redis | Cluster {
    const client = createClient(this.#options, this.#role, this.#socketTimeoutMs);
    client.on('error', (error: Error) => this.#onError(error));
    client.on('nodeError', (error: Error) => this.#onError(error));
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
    // Some failures on the way to a connection, as between sentinels, make the client give up for good.
    client.on('end', () => {
      if (this.#client === client && this.#unusable === undefined) this.#client = undefined;
      this.#onLost();
    });
    client.on('-node', () => this.#onLost());
    return client;
  }

  #onError(error: Error): void {
    const reason = (error as { lastNodeError?: Error }).lastNodeError ?? error;
    const replied = this.#everReady || reason.name === 'ReplyError';
    this.#lastError = replied ? reason : new HandshakeError(reason, this.#options.tls);
    if (!UNUSABLE.test(error.message)) return;
    this.#unusable = error;
    this.#client?.disconnect();
  }

  #onLost(): void {
    this.epoch += 1;
    if (this.#closed || this.#lost) return;
    this.#lost = true;
    const { endpoint } = this.#options;
    const reason = this.#lastError?.message;
    this.#logger.warn({ endpoint, connection: this.#role, reason }, 'queue_connection_lost');
  }
}

/** A client that opens nothing until its first command. */
export function createClient(options: ResolvedOptions, role: string, socketTimeout: number): Redis | Cluster {
  const { sentinels, sentinelName, cluster, retryDelayMs, connectionName } = options;
  const retryStrategy = (attempt: number): number =>
    retryDelayMs === 0
      ? 0
      : Math.max(10, backoffDelay(attempt, { initialDelayMs: retryDelayMs, maxDelayMs: MAX_RETRY_DELAY_MS }));
  const common: Omit<RedisOptions, 'replyMapping'> & { replyMapping: 'legacy' } = {
    ...access(options),
    lazyConnect: true,
    // The older protocol gives lists where the newer one gives maps: one shape for all servers.
    protocol: 2,
    replyMapping: 'legacy',
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    socketTimeout,
    connectTimeout: options.responseTimeoutMs,
    connectionName: `${connectionName}:${role}`,
    disableClientInfo: true,
    retryStrategy,
    // A master that has become a replica refuses writes on connections that it keeps.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  if (cluster !== undefined) {
    const { retryStrategy: _, ...redisOptions } = common;
    return new Cluster([...cluster], {
      lazyConnect: true,
      redisOptions,
      clusterRetryStrategy: retryStrategy,
      // What may have been done is decided here, not repeated below.
      retryDelayOnFailover: 0,
      slotsRefreshTimeout: options.responseTimeoutMs,
    });
  }
  if (sentinels !== undefined) {
    const sentinelRetryStrategy = retryStrategy;
    return new Redis({
      ...common,
      sentinels: [...sentinels],
      name: sentinelName ?? 'mymaster',
      sentinelRetryStrategy,
      sentinelCommandTimeout: options.responseTimeoutMs,
      ...(options.sentinelPassword === undefined ? {} : { sentinelPassword: options.sentinelPassword }),
      ...(common.tls === undefined ? {} : { enableTLSForSentinelMode: true, sentinelTLS: common.tls }),
    });
  }
  return new Redis({ ...common, host: options.host, port: options.port });
}

function access({ username, password, database, tls, tlsCa }: ResolvedOptions): RedisOptions {
  return {
    db: database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: tlsCa === undefined ? {} : { ca: readAuthority(tlsCa) } } : {}),
  };
}

/** The certificate itself, or the file that has it. */
function readAuthority(ca: string): string {
  if (ca.includes('-----BEGIN')) return ca;
  try {
    return readFileSync(ca, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new ConfigurationError(`REDIS_TLS_CA names a file that cannot be read (${reason}): ${ca}`, { cause: error });
  }
}
