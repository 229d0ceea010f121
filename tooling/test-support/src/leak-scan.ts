/** What was said where: a log, the standard error of a process, the body of an error, metrics. */
interface Statement {
  readonly where: string;
  readonly text: string;
}

/** Whatever looks like a token of Slack, but for the one that errors give as an example. */
const SLACK_TOKEN = /\b(?:xoxe\.)?(?:xox[a-z]|xapp)-(?!your-token\b)[A-Za-z0-9][A-Za-z0-9.-]*/g;

/** Shorter ones are found in ordinary words. */
const SHORTEST = 8;

/** Remembers what is secret and what was said, and finds the one in the other. */
export class LeakScan {
  readonly #secrets = new Set<string>();
  readonly #statements: Statement[] = [];

  /** A token, a signing secret, or the text of a message with more than one word: nothing of it may be said. */
  keep(value: string): void {
    if (value.length >= SHORTEST) this.#secrets.add(value);
  }

  /** A message's text; single words are said for other reasons. */
  keepText(value: string): void {
    if (/\S\s+\S/.test(value)) this.keep(value);
  }

  saw(where: string, text: string): void {
    this.#statements.push({ where, text });
  }

  /** What should not have been said: where, and how it begins. Takes note of it once. */
  leaks(): string[] {
    const forms = new Set([...this.#secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]));
    return this.#statements.splice(0).flatMap(({ where, text }) => {
      const found = new Set([...(text.match(SLACK_TOKEN) ?? []), ...[...forms].filter((form) => text.includes(form))]);
      return [...found].map((leak) => `${where} says ${leak.slice(0, 8)}…`);
    });
  }
}

/** The scan of this test file. */
export const leakScan: LeakScan = new LeakScan();
