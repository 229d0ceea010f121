import type { ResourceReader, ResourceRequest } from '../resources/resource-reader.ts';
import type { Changes } from './changes.ts';
import type { ClientLogLevel } from './client-log.ts';
import { RequestError } from './request-error.ts';
import { MOST_SUBSCRIPTIONS } from './resource-limits.ts';

/** Options of `SessionState`. */
export interface SessionStateOptions {
  readonly locate: ResourceReader['locate'];
  readonly changes: Changes | undefined;
  /** Notifies the client that the resource at this URI has changed. */
  tell(uri: string): void;
}

/**
 * A session's subscriptions and log level. Only revisions up to 2025-11-25 have sessions with subscriptions and a log
 * level.
 */
export class SessionState {
  /**
   * The lowest level of log messages to send. Undefined until the client sets a level; no log messages are sent until
   * then.
   */
  logLevel: ClientLogLevel | undefined;
  readonly #options: SessionStateOptions;
  /**
   * The canonical form of each subscribed URI, by the URI as the client wrote it; undefined before the first
   * subscription.
   */
  #addresses: Map<string, string> | undefined;
  #stop: (() => void) | undefined;

  constructor(options: SessionStateOptions) {
    this.#options = options;
  }

  /**
   * Subscribes the client to changes to a resource.
   *
   * @throws RequestError - the resource cannot be read, or there are too many subscriptions
   */
  async subscribe(uri: string, request: ResourceRequest): Promise<void> {
    const address = await this.#options.locate(uri, request);
    this.#addresses ??= new Map();
    if (this.#addresses.size >= MOST_SUBSCRIPTIONS && !this.#addresses.has(uri)) {
      throw new RequestError('invalidParams', `A session may subscribe to at most ${MOST_SUBSCRIPTIONS} resources.`);
    }
    this.#addresses.set(uri, address);
    this.#stop ??= this.#options.changes?.subscribe((change) => {
      if (change.kind !== 'resource_updated') return;
      for (const [asked, known] of this.#addresses ?? []) if (known === change.uri) this.#options.tell(asked);
    });
  }

  unsubscribe(uri: string): void {
    this.#addresses?.delete(uri);
    if (this.#addresses?.size === 0) this.end();
  }

  /** Ends all subscriptions of the session. */
  end(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#addresses = undefined;
  }
}
