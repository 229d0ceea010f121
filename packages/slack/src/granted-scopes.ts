/** Keeps the scopes of a token, as stated in Slack's answers. */
export class GrantedScopes {
  readonly #trustMs: number;
  #scopes: readonly string[] | undefined;
  #learnedAt = 0;

  /**
   * @param trustMs - milliseconds after which known scopes expire, because an app can get more scopes without a new
   *   token
   */
  constructor(trustMs = 60_000) {
    this.#trustMs = trustMs;
  }

  /** Reads the `x-oauth-scopes` header of an answer. */
  learn(header: string | undefined): void {
    if (header === undefined) return;
    this.#scopes = header
      .split(',')
      .map((scope) => scope.trim())
      .filter((scope) => scope !== '');
    this.#learnedAt = performance.now();
  }

  /** The scopes of the token, or undefined if the scopes are not known. */
  get current(): readonly string[] | undefined {
    return performance.now() - this.#learnedAt < this.#trustMs ? this.#scopes : undefined;
  }

  /** Forgets the scopes, because the token has changed. */
  forget(): void {
    this.#scopes = undefined;
  }
}
