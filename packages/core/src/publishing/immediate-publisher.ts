import { setImmediate } from 'node:timers';
import type { PublishOptions, PublishPayload, QueueKey } from '../contract/backend.ts';
import { QueueClosedError } from '../contract/errors.ts';
import { type Logger, silentLogger } from '../contract/logger.ts';
import type { ImmediateTarget } from './publish-target.ts';
import type { Publisher, PublisherSettings } from './publisher.ts';
import { type ResolvedPublish, resolvePublish } from './resolve-publish.ts';

/**
 * Maximum number of messages to store per turn of the event loop. Without a limit, a loop that only publishes would
 * block timers and sockets.
 */
const MESSAGES_PER_TURN = 512;

/** A publisher for a target that stores messages synchronously. */
export class ImmediatePublisher implements Publisher {
  readonly #target: ImmediateTarget;
  readonly #settings: PublisherSettings;
  readonly #logger: Logger;
  #published = 0;
  #isClosed = false;

  constructor(target: ImmediateTarget, settings: PublisherSettings) {
    this.#target = target;
    this.#settings = settings;
    this.#logger = settings.logger ?? silentLogger;
  }

  async publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void> {
    this.#assertOpen();
    await this.send(resolvePublish(key, payload, options, this.#settings));
  }

  async send(message: ResolvedPublish): Promise<void> {
    this.#assertOpen();
    const { key } = message;
    this.#target.store(message);
    if (this.#logger !== silentLogger) {
      this.#logger.debug({ key, messageId: message.messageId }, 'queue_message_published');
    }
    this.#published += 1;
    if (this.#published % MESSAGES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new QueueClosedError(`the ${this.#settings.broker} backend is closed: create a new one`);
  }
}
