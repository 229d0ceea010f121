import type { Logger } from '../../contract/logger.ts';

/** An action of an operator. Never contains the text of a message. */
export interface AuditEntry {
  /** When the action happened, in ISO 8601. */
  readonly at: string;
  /** The name of the operator's key. */
  readonly who: string;
  readonly action: 'redrive' | 'purge' | 'cancel' | 'pause' | 'resume' | 'show_payload' | 'request';
  readonly group?: string | undefined;
  /**
   * What the action was applied to, such as the id of a job or of a dead letter. For `request`: the method and path of a
   * request that needed another role.
   */
  readonly target?: string | undefined;
  /** The outcome, such as `started`, `done`, `completed`, `cancelled`, `failed` or `refused`. */
  readonly outcome: string;
  /** Number of dead letters that were redriven or purged. */
  readonly count?: number | undefined;
  /** Whether the job was a dry run, which only counts dead letters. */
  readonly dryRun?: boolean | undefined;
}

/** Maximum number of entries in memory. The log of the process contains all entries. */
const MAX_ENTRIES = 1_000;

/**
 * Records the actions of operators in memory and in the log, as `ops_act` with the level `warn`, so that the usual log
 * levels of production include them.
 */
export class AuditLog {
  readonly #logger: Logger;
  readonly #entries: AuditEntry[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @param act - `outcome` defaults to `done` */
  record(act: Omit<AuditEntry, 'at' | 'outcome'> & { readonly outcome?: string }): void {
    const entry: AuditEntry = { at: new Date().toISOString(), outcome: 'done', ...act };
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
    const { at: _at, ...fields } = entry;
    this.#logger.warn(fields, 'ops_act');
  }

  /** The latest entries, newest first. */
  list(limit: number): readonly AuditEntry[] {
    return this.#entries.slice(-limit).reverse();
  }
}
