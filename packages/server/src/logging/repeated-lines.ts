import type { JsonObject, Logger } from '@slack-mcp/core';

/** Milliseconds for which repeated lines are counted instead of logged. */
const INTERVAL_MS = 60_000;

/** Maximum number of kinds of lines. When the maximum is reached, all counts are logged and reset. */
const MOST_KINDS = 100;

interface Kind {
  readonly level: 'info' | 'warn';
  readonly event: string;
  readonly fields: JsonObject;
  repeated: number;
}

/**
 * Logs events that any client can cause, without letting a client fill the log. The first line of a kind is logged in
 * full. Further lines of the same kind within a minute are counted and logged as one line, with the count in the field
 * `repeated`.
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
   * @param kind - the fields that all lines of the kind share. Use few kinds, and no values that clients choose
   * @param fields - fields that only the first line contains
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

  /** The number of kinds that are currently counted. */
  get size(): number {
    return this.#kinds.size;
  }

  /** Logs the counts of repeated lines now. */
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
