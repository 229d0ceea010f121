import type { Socket } from 'node:net';
import { ConnectionError, type Logger, QueueClosedError } from '@slack-mcp/core';
import { pause } from '@slack-mcp/core/backend';
import type { ChannelModel } from 'amqplib';
import { type ConnectSettings, createClient } from './create-client.ts';
import type { ResolvedOptions } from './options.ts';
import { toQueueError } from './rabbitmq-error.ts';

/** Milliseconds between two checks for a silent connection. */
const CHECK_MS = 500;
/** Maximum milliseconds to wait for RabbitMQ's answer when a connection is closed. */
const GOODBYE_MS = 500;
/** Maximum size in bytes of the headers of a published message. The client library allows 64 KiB for all properties. */
const MAX_HEADERS = 40_000;

/** An open connection. After a loss, `RabbitMQConnection` creates a new object. */
export interface OpenConnection {
  readonly model: ChannelModel;
  readonly isOpen: boolean;
  /** The version of RabbitMQ, for example `4.3.6`. */
  readonly version: string;
  /**
   * Maximum size in bytes of the headers of a published message. Leaves room in the frame for the headers that are
   * added when the message is published again as a retry or a dead letter.
   */
  readonly maxHeaderBytes: number;
  /** The alarm (memory or disk) that currently makes RabbitMQ refuse publishes. */
  readonly blocked: string | undefined;
  /** The reason why the connection was lost. */
  readonly problem: Error | undefined;
}

/** A connection that opens on demand. After a loss, the next `open` creates another connection. */
export class RabbitMQConnection {
  readonly #options: ResolvedOptions;
  readonly #settings: ConnectSettings;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  #current: SupervisedConnection | undefined;
  #opening: Promise<OpenConnection> | undefined;
  #turn = 0;
  #everOpen = false;
  #isLost = false;
  #problem: Error | undefined;

  /** @param role - the purpose of the connection; becomes part of the connection's name in RabbitMQ */
  constructor(options: ResolvedOptions, role: 'publish' | 'consume') {
    this.#options = options;
    this.#settings = { ...options, connectionName: `${options.connectionName}:${role}` };
    this.#logger = options.logger;
  }

  /** The open connection, if there is one. */
  get current(): OpenConnection | undefined {
    return this.#current?.isOpen ? this.#current : undefined;
  }

  /** The error of the last failed or lost connection. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  /** Makes one attempt to connect, unless a connection is open. The attempt tries each host once. */
  open(): Promise<OpenConnection> {
    if (this.#current?.isOpen) return Promise.resolve(this.#current);
    if (this.#closing.signal.aborted) return Promise.reject(closed());
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#opening?.catch(() => {});
    await this.#current?.close();
  }

  async #open(): Promise<OpenConnection> {
    const { hosts, endpoint } = this.#options;
    let failure: unknown;
    for (let attempt = 0; attempt < hosts.length; attempt += 1) {
      const host = hosts[this.#turn % hosts.length] as (typeof hosts)[number];
      try {
        const model = await createClient(host, this.#settings, this.#closing.signal);
        return await this.#supervise(model);
      } catch (cause) {
        if (this.#closing.signal.aborted) throw closed();
        failure = cause;
        this.#turn += 1;
      }
    }
    const error = toQueueError(failure, 'connecting', endpoint);
    this.#lost(error);
    throw error;
  }

  async #supervise(model: ChannelModel): Promise<OpenConnection> {
    const connection = new SupervisedConnection(model, this.#options.heartbeatMs, (problem) => {
      if (this.#closing.signal.aborted) return;
      this.#turn += 1;
      this.#lost(problem);
    });
    this.#current = connection;
    if (this.#closing.signal.aborted) {
      await connection.close();
      throw closed();
    }
    if (this.#isLost && this.#everOpen)
      this.#logger.info({ endpoint: this.#options.endpoint }, 'queue_connection_restored');
    this.#isLost = false;
    this.#everOpen = true;
    this.#problem = undefined;
    return connection;
  }

  #lost(problem: Error): void {
    this.#problem = problem;
    if (this.#isLost) return;
    this.#isLost = true;
    const { endpoint } = this.#options;
    this.#logger.warn({ err: toQueueError(problem, 'the connection', endpoint) }, 'queue_connection_lost');
  }
}

/** An open connection that detects silence and its own end. */
class SupervisedConnection implements OpenConnection {
  readonly model: ChannelModel;
  readonly version: string;
  readonly maxHeaderBytes: number;
  readonly #socket: Socket;
  readonly #patience: number;
  readonly #ended = Promise.withResolvers<void>();
  readonly #timer: NodeJS.Timeout;
  isOpen = true;
  blocked: string | undefined;
  problem: Error | undefined;
  #silent = 0;
  #bytes = 0;

  constructor(model: ChannelModel, heartbeatMs: number, onLost: (problem: Error) => void) {
    this.model = model;
    const { connection } = model;
    this.version = String(connection.serverProperties.version ?? '0');
    const { stream, frameMax } = connection as unknown as { stream: Socket; frameMax: number };
    this.#socket = stream;
    this.maxHeaderBytes = Math.min(MAX_HEADERS, Math.floor(frameMax / 2));
    this.#patience = Math.ceil(heartbeatMs / CHECK_MS);
    model.on('error', (error) => {
      this.problem ??= error;
    });
    model.on('handler-error', (error) => {
      this.problem ??= error;
      this.#socket.destroy(error);
    });
    model.on('blocked', (reason) => {
      this.blocked = String(reason);
    });
    model.on('unblocked', () => {
      this.blocked = undefined;
    });
    model.on('close', (error) => {
      this.problem ??= error ?? new ConnectionError('the connection to RabbitMQ was closed: try again');
      this.#end();
      onLost(this.problem);
    });
    this.#timer = setInterval(() => this.#check(), CHECK_MS);
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    const patience = new AbortController();
    const goodbye = this.model.close().catch(() => {});
    await Promise.race([goodbye, this.#ended.promise, pause(GOODBYE_MS, patience.signal)]);
    patience.abort();
    this.#end();
  }

  /**
   * Closes the connection after too many checks without data. Counts checks instead of time, because a busy process
   * makes no checks and leaves data in the socket.
   */
  #check(): void {
    const { bytesRead } = this.#socket;
    this.#silent = bytesRead === this.#bytes ? this.#silent + 1 : 0;
    this.#bytes = bytesRead;
    if (this.#silent < this.#patience) return;
    this.problem ??= new ConnectionError(
      `RabbitMQ sent nothing for ${this.#patience * CHECK_MS} ms: check the network and the load of RabbitMQ`,
    );
    this.#socket.destroy(this.problem);
  }

  #end(): void {
    this.isOpen = false;
    clearInterval(this.#timer);
    this.#ended.resolve();
    // A silent peer would keep the socket open.
    this.#socket.destroy();
  }
}

function closed(): QueueClosedError {
  return new QueueClosedError('the RabbitMQ backend is closed: create a new one');
}
