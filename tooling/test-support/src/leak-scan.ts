/** Output and its source: a log, the standard error of a process, the body of an error, metrics. */
interface Statement {
  readonly where: string;
  readonly text: string;
}

/** Matches anything that looks like a Slack token, except the example in errors. */
const SLACK_TOKEN = /\b(?:xoxe\.)?(?:xox[a-z]|xapp)-(?!your-token\b)[A-Za-z0-9][A-Za-z0-9.-]*/g;

/** Shorter secrets could occur in ordinary words. */
const SHORTEST = 8;

/** Records secrets and output, and finds secrets in the output. */
export class LeakScan {
  readonly #secrets = new Set<string>();
  readonly #statements: Statement[] = [];

  /** Forgets what an earlier test file sent and wrote. */
  begin(secrets: readonly string[]): void {
    this.#secrets.clear();
    this.#statements.length = 0;
    for (const secret of secrets) this.keep(secret);
  }

  /** Adds a token, a signing secret, or a message text with more than one word, which must not occur in any output. */
  keep(value: string): void {
    if (value.length >= SHORTEST) this.#secrets.add(value);
  }

  /** Adds a message's text. Ignores single words, which may occur for other reasons. */
  keepText(value: string): void {
    if (/\S\s+\S/.test(value)) this.keep(value);
  }

  saw(where: string, text: string): void {
    this.#statements.push({ where, text });
  }

  /** Returns each leak once, with its source and beginning. */
  leaks(): string[] {
    const forms = new Set([...this.#secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]));
    return this.#statements.splice(0).flatMap(({ where, text }) => {
      const found = new Set([...(text.match(SLACK_TOKEN) ?? []), ...[...forms].filter((form) => text.includes(form))]);
      return [...found].map((leak) => `${where} says ${leak.slice(0, 8)}…`);
    });
  }
}

/** The scan of the test file that runs in this process. */
export const leakScan: LeakScan = new LeakScan();
