import { setTimeout as delay } from 'node:timers/promises';
import { SlackApiError, SlackRateLimitedError, unlessAborted } from '@slack-mcp/slack';
import { type Named, Names } from './names.ts';

/** A page of names, with a cursor if more pages follow. */
export interface NamePage {
  readonly entries: readonly Named[];
  readonly next?: string;
}

/** Options of `NameList`. */
export interface NameListOptions {
  /** Reads a page from Slack. */
  read(cursor: string | undefined, signal: AbortSignal): Promise<NamePage>;
  /**
   * Milliseconds after which names are reloaded in the background; the old names stay in use until then. Default: 10
   * minutes.
   */
  staleAfterMs?: number;
  /** Milliseconds after which an unknown name is looked up again. Default: 60000. */
  refreshAfterMs?: number;
  /** Maximum number of entries to store. Default: 300000. */
  maxEntries?: number;
  /** Maximum milliseconds that a caller waits while a long list is read. Default: 20000. */
  waitMs?: number;
  /** Creates the error for callers that have waited longer than `waitMs`. */
  late(read: number): Error;
  /**
   * Loads the names that an earlier run stored, with the time at which they were read, in milliseconds since the epoch.
   */
  restore?: () => Promise<{ names: Names; readAt: number } | undefined>;
  /** Called with the names each time the list has been read completely. */
  onRead?: (names: Names) => void;
}

interface Progress {
  readonly names: Names;
  readonly startedAt: number;
  cursor: string | undefined;
}

/**
 * A list of names, read on the first request and then cached. All callers share one read, and a caller cannot cancel
 * the read for the others. After a rate limit or a lost connection, reading continues where it stopped.
 */
export class NameList {
  readonly #options: NameListOptions;
  readonly #closing = new AbortController();
  #known: Names | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #progress: Progress | undefined;
  #reading: Promise<Names> | undefined;
  #restoring: Promise<void> | undefined;
  #warming: Promise<void> | undefined;
  #restAfterFailureUntil = Number.NEGATIVE_INFINITY;
  #continuation: NodeJS.Timeout | undefined;

  constructor(options: NameListOptions) {
    this.#options = options;
  }

  /** The cached names, if they are not stale. */
  get fresh(): Names | undefined {
    return performance.now() - this.#readAt < this.#staleAfterMs ? this.#known : undefined;
  }

  /** Milliseconds since the list was read; infinite before the first read. */
  get ageMs(): number {
    return performance.now() - this.#readAt;
  }

  /** The cached names, regardless of their age. */
  get known(): Names | undefined {
    return this.#known;
  }

  /**
   * Reads the list again and returns the current names.
   *
   * @throws SlackError - the names cannot be read
   * @throws the error that `late` creates - reading takes longer than `waitMs`
   */
  renewed(signal?: AbortSignal): Promise<Names> {
    return unlessAborted(this.#inTime(this.#read()), signal);
  }

  /**
   * Returns a list that contains `name`, or a list recent enough to show that `name` does not exist.
   *
   * @throws SlackError - the names cannot be read
   * @throws the error that `late` creates - reading takes longer than `waitMs`
   */
  async having(name: string, signal?: AbortSignal): Promise<Names> {
    await unlessAborted(this.#restore(), signal);
    const known = this.#known;
    const age = performance.now() - this.#readAt;
    if (known !== undefined && known.ids(name).length > 0) {
      if (age >= this.#staleAfterMs) this.warm();
      return known;
    }
    if (known !== undefined && age < (this.#options.refreshAfterMs ?? 60_000)) return known;
    return unlessAborted(this.#inTime(this.#read()), signal);
  }

  /**
   * Returns the cached names, or reads the names from Slack if no names are cached. Old names stay in use while they
   * are reloaded in the background.
   *
   * @throws SlackError - the names cannot be read
   * @throws the error that `late` creates - reading takes longer than `waitMs`
   */
  async current(signal?: AbortSignal): Promise<Names> {
    await unlessAborted(this.#restore(), signal);
    if (this.#known === undefined) return unlessAborted(this.#inTime(this.#read()), signal);
    this.warm();
    return this.#known;
  }

  /**
   * Returns the names if they are available within the given time; otherwise, reading continues in the background for
   * the next caller.
   */
  async soon(milliseconds: number): Promise<Names | undefined> {
    this.warm();
    const reading = this.#warming ?? this.#reading?.then(ignore, ignore);
    if (this.#known === undefined && reading !== undefined) {
      await Promise.race([reading, delay(milliseconds, undefined, { ref: false })]);
    }
    return this.#known;
  }

  /** Reads the list in the background if it is missing or stale. If reading fails, later calls throw the error. */
  warm(): void {
    const rest = this.#reading !== undefined || this.#continuation !== undefined || this.#closing.signal.aborted;
    if (rest || performance.now() < this.#restAfterFailureUntil) return;
    this.#warming ??= this.#restore()
      .then(() => (performance.now() - this.#readAt >= this.#staleAfterMs ? this.#read() : undefined))
      .then(ignore, () => {
        this.#restAfterFailureUntil = performance.now() + this.#staleAfterMs;
      })
      .finally(() => {
        this.#warming = undefined;
      });
  }

  /** Stops reading in the background. */
  close(): void {
    clearTimeout(this.#continuation);
    this.#closing.abort(new Error('The server closed, so it stopped reading names from Slack.'));
  }

  get #staleAfterMs(): number {
    return this.#options.staleAfterMs ?? 10 * 60_000;
  }

  #restore(): Promise<void> {
    this.#restoring ??= (this.#options.restore?.() ?? Promise.resolve(undefined)).then((restored) => {
      if (restored === undefined || this.#known !== undefined) return;
      this.#known = restored.names;
      const age = Date.now() - restored.readAt;
      if (age >= 0) this.#readAt = performance.now() - age;
    });
    return this.#restoring;
  }

  #read(): Promise<Names> {
    this.#reading ??= this.#readOn().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOn(): Promise<Names> {
    clearTimeout(this.#continuation);
    this.#continuation = undefined;
    const progress = this.#progressToContinue();
    try {
      do {
        const page = await this.#options.read(progress.cursor, this.#closing.signal);
        for (const entry of page.entries) progress.names.add(entry);
        progress.cursor = page.next;
      } while (progress.cursor !== undefined && !progress.names.cut);
    } catch (error) {
      if (error instanceof SlackApiError) this.#progress = undefined;
      if (error instanceof SlackRateLimitedError) this.#continueIn(error.retryAfterSeconds * 1000);
      throw error;
    }
    this.#progress = undefined;
    this.#known = progress.names;
    this.#readAt = performance.now();
    this.#options.onRead?.(progress.names);
    return progress.names;
  }

  #progressToContinue(): Progress {
    const now = performance.now();
    if (this.#progress === undefined || now - this.#progress.startedAt >= this.#staleAfterMs) {
      const names = new Names(this.#options.maxEntries ?? 300_000);
      this.#progress = { names, startedAt: now, cursor: undefined };
    }
    return this.#progress;
  }

  /**
   * Continues reading after a rate limit, so that the list becomes complete even if all callers have stopped waiting.
   */
  #continueIn(milliseconds: number): void {
    if (this.#closing.signal.aborted) return;
    this.#continuation = setTimeout(() => {
      this.#continuation = undefined;
      this.#read().catch(() => {});
    }, milliseconds).unref();
  }

  async #inTime(reading: Promise<Names>): Promise<Names> {
    const { waitMs = 20_000, late } = this.#options;
    const done = new AbortController();
    const timeout = delay(waitMs, undefined, { signal: done.signal, ref: false }).then(
      () => Promise.reject(late(this.#progress?.names.size ?? 0)),
      () => reading,
    );
    try {
      return await Promise.race([reading, timeout]);
    } finally {
      done.abort();
      timeout.catch(() => {});
    }
  }
}

function ignore(): void {}
