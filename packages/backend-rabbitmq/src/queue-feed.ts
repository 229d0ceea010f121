import type { ConsumeMessage } from 'amqplib';
import type { ConsumeChannel } from './consume-channel.ts';

/** Called with each message of a queue. */
export type OnMessage = (feed: QueueFeed, message: ConsumeMessage) => void;

/** Settings of a {@link QueueFeed}. */
export interface QueueFeedSettings {
  /**
   * Milliseconds after which the feed fetches its whole share, even if a message that may have killed a consumer is
   * still unsettled.
   */
  readonly patienceMs: number;
  readonly isSuspect: (message: ConsumeMessage) => boolean;
  readonly onMessage: OnMessage;
}

/**
 * The consumers of one queue on one channel. A feed begins with a prefetch of 1. If the first message has not killed a
 * consumer, the feed fetches the rest of its share. If it may have killed one, the feed fetches the first messages of
 * the queue one at a time, so that another crash is not counted for other messages.
 */
export class QueueFeed {
  readonly queue: string;
  readonly #channel: ConsumeChannel;
  readonly #patienceMs: number;
  readonly #isSuspect: (message: ConsumeMessage) => boolean;
  readonly #onMessage: OnMessage;
  #timer: NodeJS.Timeout | undefined;
  readonly #consumers: { readonly tag: string; readonly prefetch: number }[] = [];
  #share: number;
  #isNarrow = false;
  #isStopped = false;
  #work: Promise<void> = Promise.resolve();

  /** @param share - maximum number of unsettled messages */
  constructor(
    queue: string,
    channel: ConsumeChannel,
    share: number,
    { patienceMs, isSuspect, onMessage }: QueueFeedSettings,
  ) {
    this.#patienceMs = patienceMs;
    this.queue = queue;
    this.#channel = channel;
    this.#share = share;
    this.#isSuspect = isSuspect;
    this.#onMessage = onMessage;
  }

  get isPaused(): boolean {
    return this.#isStopped;
  }

  /** @param careful - whether the queue may contain messages that have killed their consumers */
  start(careful: boolean): Promise<void> {
    this.#isStopped = false;
    this.#isNarrow = careful;
    return this.#adjust();
  }

  /** Changes the share. A smaller share does not affect messages that are already delivered. */
  resize(share: number): void {
    this.#share = share;
    if (!this.#isStopped) this.#adjust().catch(() => {});
  }

  stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isStopped = true;
    return this.#adjust();
  }

  /**
   * Whether returned messages can no longer arrive: no message waits in the queue, and the queue has no other consumer.
   * RabbitMQ counts the consumers of a lost connection until it returns their messages.
   */
  hasAll(): Promise<boolean> {
    return this.#next(async () => {
      const { messageCount, consumerCount } = await this.#channel.count(this.queue);
      return consumerCount > 0 && consumerCount === this.#consumers.length && messageCount === 0;
    });
  }

  get #granted(): number {
    return this.#consumers.reduce((sum, { prefetch }) => sum + prefetch, 0);
  }

  #receive(message: ConsumeMessage): void {
    if (this.#isNarrow) {
      clearTimeout(this.#timer);
      if (this.#isSuspect(message)) this.#timer = setTimeout(() => this.#widen(), this.#patienceMs);
      else this.#widen();
    }
    this.#onMessage(this, message);
  }

  #widen(): void {
    this.#isNarrow = false;
    if (!this.#isStopped && this.#share > 1) this.#adjust().catch(() => {});
  }

  /** Starts and ends consumers until their total prefetch matches the share. Closes the channel after an error. */
  #adjust(): Promise<void> {
    return this.#next(() => this.#fit());
  }

  /** Runs a task after all earlier tasks have ended. */
  #next<T>(task: () => Promise<T>): Promise<T> {
    const work = this.#work.then(task);
    this.#work = work.then(
      () => {},
      () => {},
    );
    return work;
  }

  async #fit(): Promise<void> {
    const wanted = this.#isStopped ? 0 : this.#isNarrow ? 1 : this.#share;
    if (this.#isStopped && this.#granted > 0) await this.#channel.untilQuiet(this.queue, this.#granted);
    for (
      let last = this.#consumers.at(-1);
      last !== undefined && this.#granted > wanted;
      last = this.#consumers.at(-1)
    ) {
      // Smaller steps than a whole consumer are not possible: a little too much is better than too little.
      if (this.#granted - last.prefetch < wanted) break;
      this.#consumers.pop();
      await this.#channel.cancel(last.tag);
    }
    const missing = wanted - this.#granted;
    if (missing <= 0) return;
    // The first consumer stays beside the new one. A message that is on its way to a consumer that ends can be stuck
    // until the channel is closed.
    const tag = await this.#channel.consume(this.queue, missing, (message) => this.#receive(message));
    this.#consumers.push({ tag, prefetch: missing });
  }
}
