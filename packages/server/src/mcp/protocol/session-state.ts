import type { ResourceReader, ResourceRequest } from '../resources/resource-reader.ts';
import type { Changes } from './changes.ts';
import type { ClientLogLevel } from './client-log.ts';
import { RequestError } from './request-error.ts';
import { MOST_SUBSCRIPTIONS } from './resource-limits.ts';

/** What a session's state works with. */
export interface SessionStateOptions {
  readonly locate: ResourceReader['locate'];
  readonly changes: Changes | undefined;
  /** Tells the client that what is at an address has changed. */
  tell(uri: string): void;
}

/** What a session has asked to be told; up to revision 2025-11-25 servers remember such things. */
export class SessionState {
  /** Least level of what it hears of its calls. Nothing before it says so: what failed is in the answer as well. */
  logLevel: ClientLogLevel | undefined;
  readonly #options: SessionStateOptions;
  /** Addresses as the client wrote them, with the one way of writing them. None before the first is asked for. */
  #addresses: Map<string, string> | undefined;
  #stop: (() => void) | undefined;

  constructor(options: SessionStateOptions) {
    this.#options = options;
  }

  /**
   * From now on the client is told when this changes.
   *
   * @throws RequestError for what cannot be read, or for too many
   */
  async subscribe(uri: string, request: ResourceRequest): Promise<void> {
    const address = await this.#options.locate(uri, request);
    this.#addresses ??= new Map();
    if (this.#addresses.size >= MOST_SUBSCRIPTIONS && !this.#addresses.has(uri)) {
      throw new RequestError('invalidParams', `A session may subscribe to ${MOST_SUBSCRIPTIONS} resources at most.`);
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

  /** Nothing more is told. */
  end(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#addresses = undefined;
  }
}
