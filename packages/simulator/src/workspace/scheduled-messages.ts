import { SlackApiError } from '../slack-api-error.ts';
import type { SlackBehavior } from '../slack-behavior.ts';
import type { Clock } from './clock.ts';
import type { MessageContent } from './message-content.ts';
import type { Bot, Message } from './model.ts';

/** The part of a workspace that scheduled messages use. */
export interface ScheduleTarget {
  readonly bot: Bot;
  readonly clock: Clock;
  readonly behavior: SlackBehavior;
  newId(prefix: string): string;
  postMessage(channel: string, author: string, content: MessageContent): Message;
}

/** A message that will be posted later. */
export interface ScheduledMessage {
  readonly id: string;
  readonly channel: string;
  /** The time to post, in seconds since the epoch on the workspace's clock. */
  readonly postAt: number;
  readonly created: number;
  readonly text: string;
  readonly threadTs: string | undefined;
  readonly broadcast: boolean | undefined;
  readonly fields: Partial<Message>;
}

/** The longest delay of a timer. A timer with a longer delay would fire immediately. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The messages that the app has scheduled. Posts each message when its time comes on the workspace's clock. */
export class ScheduledMessages {
  readonly #workspace: ScheduleTarget;
  readonly #pending = new Map<string, ScheduledMessage>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(workspace: ScheduleTarget) {
    this.#workspace = workspace;
  }

  /** Pending messages, with the next message to post first. */
  get all(): readonly ScheduledMessage[] {
    return [...this.#pending.values()].sort((a, b) => a.postAt - b.postAt);
  }

  get(id: string): ScheduledMessage | undefined {
    return this.#pending.get(id);
  }

  /** Schedules a message. The id is a new id by default. */
  add(message: Omit<ScheduledMessage, 'id' | 'created'> & { id?: string }): ScheduledMessage {
    const { clock } = this.#workspace;
    const { id = this.#workspace.newId('Q'), ...rest } = message;
    const added = { ...rest, id, created: clock.seconds() };
    this.#pending.set(added.id, added);
    this.#wait(added);
    return added;
  }

  remove(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#pending.delete(id);
  }

  /** Stops posting scheduled messages. */
  close(): void {
    for (const id of [...this.#pending.keys()]) this.remove(id);
  }

  #wait(message: ScheduledMessage): void {
    const leftMs = this.#workspace.clock.realMsUntil(message.postAt);
    const timer = setTimeout(
      () => (leftMs > LONGEST_TIMER_MS ? this.#wait(message) : this.#post(message)),
      Math.min(leftMs, LONGEST_TIMER_MS),
    );
    timer.unref();
    this.#timers.set(message.id, timer);
  }

  #post({ id, channel, text, threadTs, broadcast, fields }: ScheduledMessage): void {
    this.remove(id);
    const { bot, behavior } = this.#workspace;
    const content = { text, threadTs, broadcast, fields, orphaned: behavior.orphanedReply };
    try {
      this.#workspace.postMessage(channel, bot.userId, content);
    } catch (error) {
      // The channel was archived in the meantime.
      if (!(error instanceof SlackApiError)) throw error;
    }
  }
}
