import type { JsonObject, Logger } from '@slack-mcp/core';

/** Milliseconds for which repeated lines are counted instead of logged. */
const INTERVAL_MS = 60_000;

/** Maximum number of kinds; beyond it, the oldest kind is forgotten. */
const MOST_KINDS = 100;

interface Kind {
  readonly level: 'info' | 'warn';
  readonly event: string;
  readonly fields: JsonObject;
  repeated: number;
}

/**
 * Logs events that anyone can cause without letting anyone fill the log. The first line of a kind is logged in full.
 * The lines of the next minute become one line with their number, `repeated`.
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
   * @param kind - the fields that all lines of the kind share. There must be few kinds, and callers must not choose them
   * @param fields - fields of the first line only
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

  /** The number of remembered kinds. */
  get size(): number {
    return this.#kinds.size;
  }

  /** Logs the counted lines. */
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
