import type { JsonObject, Logger } from '@slack-mcp/core';

/** Milliseconds in which what is the same is logged once, and then counted. */
const INTERVAL_MS = 60_000;

/** Kinds beyond which the oldest is forgotten. */
const MOST_KINDS = 100;

interface Kind {
  readonly level: 'info' | 'warn';
  readonly event: string;
  readonly fields: JsonObject;
  repeated: number;
}

/**
 * Logs what anyone can cause, without letting anyone fill the log: the first of a kind as it is, those of the next
 * minute as one line with their number, `repeated`.
 */
export class RepeatedLines {
  readonly #logger: Logger;
  readonly #intervalMs: number;
  readonly #kinds = new Map<string, Kind>();
  #timer: NodeJS.Timeout | undefined;

  constructor(logger: Logger, { intervalMs = INTERVAL_MS }: { intervalMs?: number } = {}) {
    this.#logger = logger;
    this.#intervalMs = intervalMs;
  }

  /**
   * @param kind - what is the same in all lines of the kind; few, and not what a caller chooses
   * @param fields - what only the first line has
   */
  log(level: Kind['level'], event: string, kind: JsonObject, fields: JsonObject = {}): void {
    const key = `${event} ${JSON.stringify(kind)}`;
    const known = this.#kinds.get(key);
    if (known !== undefined) {
      known.repeated += 1;
      return;
    }
    if (this.#kinds.size >= MOST_KINDS) this.#tell();
    this.#kinds.set(key, { level, event, fields: kind, repeated: 0 });
    this.#logger[level]({ ...fields, ...kind }, event);
    this.#timer ??= setTimeout(() => this.#tell(), this.#intervalMs).unref();
  }

  /** How many kinds are remembered. */
  get size(): number {
    return this.#kinds.size;
  }

  /** Logs what was counted. */
  flush(): void {
    this.#tell();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { level, event, fields, repeated } of this.#kinds.values()) {
      if (repeated > 0) this.#logger[level]({ ...fields, repeated }, event);
    }
    this.#kinds.clear();
  }
}
