/** The scopes of a token, as Slack's answers tell them. */
export class GrantedScopes {
  readonly #trustMs: number;
  #scopes: readonly string[] | undefined;
  #learnedAt = 0;

  /** @param trustMs - milliseconds for which they count as known: an app may be given more at any time, for the same token */
  constructor(trustMs = 60_000) {
    this.#trustMs = trustMs;
  }

  /** Takes the header `x-oauth-scopes` of an answer. */
  learn(header: string | undefined): void {
    if (header === undefined) return;
    this.#scopes = header
      .split(',')
      .map((scope) => scope.trim())
      .filter((scope) => scope !== '');
    this.#learnedAt = performance.now();
  }

  /** Undefined while they are not known. */
  get current(): readonly string[] | undefined {
    return performance.now() - this.#learnedAt < this.#trustMs ? this.#scopes : undefined;
  }

  /** The token has changed. */
  forget(): void {
    this.#scopes = undefined;
  }
}
