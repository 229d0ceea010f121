import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { type Address, ConnectionProbe, HandshakeError } from '@slack-mcp/core/backend';
import RawConnection from 'kafkajs/src/network/connection.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';
import protocol from 'kafkajs/src/protocol/requests/index.js';
import type { Api, ApiName } from './api.ts';
import { createSocket } from './create-socket.ts';
import { KAFKA_PROTOCOL } from './kafka-protocol.ts';
import { LoginObserver } from './login.ts';
import { NoAnswerError } from './no-answer-error.ts';
import { type Call, withOwnRecords } from './record-codec.ts';

/** The SASL settings in the format of the library. */
export type Sasl =
  | { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string }
  | { mechanism: 'oauthbearer'; oauthBearerProvider: () => Promise<{ value: string }> };

export interface ConnectionSettings {
  readonly clientId: string;
  readonly ssl: TlsOptions | undefined;
  readonly sasl: Sasl | undefined;
  /** Milliseconds after which a broker that does not answer counts as unavailable. */
  readonly requestTimeoutMs: number;
}

/** The highest version of the ApiVersions request that the library supports. */
const API_VERSIONS_VERSION = 2;

/** A connection to one broker. After a connection breaks, the next connection to the broker is a new object. */
export class Connection {
  readonly address: Address;
  readonly #raw: RawConnection;
  readonly #login: LoginObserver | undefined;
  readonly #settings: ConnectionSettings;
  #lookup: ReturnType<typeof protocol.lookup> | undefined;
  #opening: Promise<void> | undefined;
  readonly #onSilent: (timeoutMs: number) => void;
  #isDestroyed = false;
  #isRetired = false;
  /** Number of requests without an answer. */
  #pending = 0;
  #heardAt = performance.now();

  /** @param onSilent - called when the broker does not answer in time */
  constructor(address: Address, settings: ConnectionSettings, onSilent: (timeoutMs: number) => void) {
    const { clientId, ssl, sasl, requestTimeoutMs } = settings;
    this.address = address;
    this.#settings = settings;
    this.#onSilent = onSilent;
    this.#raw = new RawConnection({
      ...address,
      ...{ clientId, ssl, sasl, logger: silent, requestTimeout: requestTimeoutMs },
      connectionTimeout: requestTimeoutMs,
      socketFactory: createSocket,
      // This class has time limits of its own, which also end the connection.
      enforceRequestTimeout: false,
    });
    quietTimers(this.#raw);
    this.#login = sasl === undefined ? undefined : new LoginObserver(this.#raw, sasl.mechanism);
    limitLogins(this.#raw);
  }

  /** Whether requests can be sent. */
  get isOpen(): boolean {
    return !this.#isDestroyed && this.#lookup !== undefined && this.#raw.isConnected();
  }

  /** Whether the connection broke or was destroyed. */
  get isOver(): boolean {
    return this.#isDestroyed || (this.#lookup !== undefined && !this.#raw.isConnected());
  }

  /** The time of the broker's last answer, on the clock of `performance.now()`. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** Connects to the broker and authenticates. */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /**
   * Sends a request. Does not check the error codes in the response.
   *
   * @param timeoutMs - milliseconds without an answer after which the connection is closed
   */
  async request<A extends ApiName>(
    api: A,
    args: Api[A][0],
    timeoutMs: number = this.#settings.requestTimeoutMs,
  ): Promise<Api[A][1]> {
    await this.open();
    if (this.#lookup === undefined)
      throw new Error('the connection to the broker closed before the request was sent: try again');
    const definition = protocol.requests[api];
    if (definition === undefined)
      throw new TypeError(`the client library does not support the request ${api}: use kafkajs 2.2.4`);
    this.#pending += 1;
    try {
      const call = withOwnRecords(api, this.#lookup(apiKeys[api] as number, definition)(args), args);
      return (await this.#send(call, timeoutMs)) as Api[A][1];
    } finally {
      this.#pending -= 1;
      if (this.#isRetired) this.retire();
    }
  }

  /** Closes the connection once its pending requests are answered. */
  retire(): void {
    this.#isRetired = true;
    if (this.#pending === 0) this.destroy();
  }

  /** Closes the connection at once, and rejects its pending requests. */
  destroy(reason: Error = new Error('the connection to the broker was closed: try again')): void {
    this.#isDestroyed = true;
    // Only an error tells the library that the connection is gone.
    this.#raw.socket?.destroy(reason);
  }

  async #open(): Promise<void> {
    try {
      const answer = await this.#shakeHands();
      const supported = Object.fromEntries(answer.apiVersions.map((version) => [version.apiKey, version]));
      this.#raw.setVersions(supported);
      this.#raw.setSupportAuthenticationProtocol(true);
      if (this.#settings.sasl !== undefined) {
        await this.#within(this.#explained(this.#raw.authenticate()), this.#settings.requestTimeoutMs);
      }
      this.#lookup = protocol.lookup(supported);
    } catch (error) {
      this.destroy(error as Error);
      throw error;
    }
    if (this.#isDestroyed) throw new Error('the connection to the broker was closed: try again');
  }

  /** Connects, and asks the broker for its API versions. Every version of Kafka supports this request. */
  async #shakeHands(): Promise<Api['ApiVersions'][1]> {
    const { requestTimeoutMs, ssl } = this.#settings;
    try {
      await this.#within(this.#raw.connect(), requestTimeoutMs);
      const versions = protocol.requests['ApiVersions']?.protocol({ version: API_VERSIONS_VERSION })({});
      return (await this.#send(versions as Call, requestTimeoutMs)) as Api['ApiVersions'][1];
    } catch (error) {
      const tls = ssl !== undefined;
      const probe = new ConnectionProbe(this.address, tls, KAFKA_PROTOCOL);
      throw await probe.diagnose(new HandshakeError(error as Error, { tls }));
    }
  }

  #send({ request, response }: Call, timeoutMs: number): Promise<unknown> {
    // The library's `parse` throws for the first error of many: the caller looks at each.
    const raw = { decode: response.decode, parse: async (data: unknown) => data };
    // The library logs in again before the session at the broker ends.
    return this.#within(this.#explained(this.#raw.send({ request, response: raw })), timeoutMs);
  }

  /** Rejects with the cause if a login fails. */
  async #explained<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (cause) {
      const error = this.#login?.explain(cause) ?? cause;
      // The broker refused to repeat the login, not the credentials. Several requests may wait for the login.
      if (this.#lookup !== undefined && (error as { type?: unknown }).type === 'ILLEGAL_SASL_STATE') {
        const ended = new Error(
          'the broker did not renew the login of this connection, so the connection was closed: try again',
          { cause: error },
        );
        this.destroy(ended);
        throw ended;
      }
      throw error;
    }
  }

  #within<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const error = new NoAnswerError(timeoutMs);
        reject(error);
        this.destroy(error);
        this.#onSilent(timeoutMs);
      }, timeoutMs);
      const heard = (value: T): void => {
        this.#heardAt = performance.now();
        resolve(value);
      };
      answer.then(heard, reject).finally(() => clearTimeout(timer));
    });
  }
}

const nothing = (): void => {};

/** The library's logger. Logs nothing, because the errors that the caller receives contain the same information. */
const silent = {
  namespace: () => silent,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};

/** The fraction of a session after which a connection logs in again. */
const LOGIN_AFTER = 0.8;
const MAX_THRESHOLD_MS = 10_000;

/**
 * Makes the library log in again shortly before the end of the session, however short the session is. On its own, the
 * library would log in before every request if the session is shorter than 10 seconds, and a broker refuses two logins
 * within a second.
 */
function limitLogins(raw: RawConnection): void {
  const get = (): number =>
    Math.min(MAX_THRESHOLD_MS, Math.floor(Number(raw.sessionLifetime.toString()) * (1 - LOGIN_AFTER)));
  Object.defineProperty(raw, 'reauthenticationThreshold', { get });
}

/** Stops the library from setting a timer with a negative delay after each answer, because Node warns about it. */
function quietTimers({ requestQueue }: RawConnection): void {
  const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue);
  requestQueue.scheduleCheckPendingRequests = () => {
    if (requestQueue.pending.length > 0 || requestQueue.throttledUntil > Date.now()) schedule();
  };
}
