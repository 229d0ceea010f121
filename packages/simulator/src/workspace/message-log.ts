import { compareTs } from './clock.ts';
import type { Message } from './model.ts';

/** The messages of one conversation, oldest first, including replies. */
export class MessageLog {
  /** The `ts` of the last message that a user has read, by user. */
  readonly lastRead: Map<string, string> = new Map();
  readonly #messages: Message[] = [];
  readonly #byTs = new Map<string, Message>();
  readonly #replies = new Map<string, Message[]>();

  add(message: Message): void {
    this.#messages.push(message);
    if (this.#messages.length > 1 && compareTs((this.#messages.at(-2) as Message).ts, message.ts) > 0) {
      this.#messages.sort((a, b) => compareTs(a.ts, b.ts));
    }
    this.#byTs.set(message.ts, message);
    if (message.thread_ts !== undefined && message.thread_ts !== message.ts) {
      const replies = this.#replies.get(message.thread_ts);
      if (replies) replies.push(message);
      else this.#replies.set(message.thread_ts, [message]);
    }
  }

  remove(message: Message): void {
    this.#byTs.delete(message.ts);
    this.#messages.splice(this.#messages.indexOf(message), 1);
    const replies = this.#replies.get(message.thread_ts ?? '');
    replies?.splice(replies.indexOf(message), 1);
    if (replies?.length === 0) this.#replies.delete(message.thread_ts ?? '');
  }

  get(ts: string): Message | undefined {
    return this.#byTs.get(ts);
  }

  all(): readonly Message[] {
    return this.#messages;
  }

  /** Returns the replies of a thread, oldest first, without the parent message. */
  replies(threadTs: string): readonly Message[] {
    return this.#replies.get(threadTs) ?? [];
  }

  /** Returns the messages that the channel itself shows: all except replies that were not also sent to the channel. */
  topLevel(): Message[] {
    return this.#messages.filter(
      (message) =>
        message.thread_ts === undefined || message.thread_ts === message.ts || message.subtype === 'thread_broadcast',
    );
  }
}
