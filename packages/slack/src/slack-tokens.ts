import { SlackTokenMissingError } from './slack-error.ts';
import type { TokenKind } from './token-kind.ts';
import { readToken, TokenSourceError } from './token-source-error.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Gives a token that Slack takes now: the first time it is asked, and again when Slack refuses the last one. */
export type TokenProvider = () => Promise<string>;

/** A token, or where it is to be had from: a function where tokens rotate. */
export type TokenSource = string | TokenProvider;

/** The tokens of one workspace, side by side. */
export interface WorkspaceTokens {
  /** `xoxb-…` */
  readonly bot?: TokenSource | undefined;
  /** `xoxp-…` */
  readonly user?: TokenSource | undefined;
}

const SOURCE = 'the function that is the option token';

/** A token, and the one after it where tokens rotate. */
export class SlackTokens {
  readonly slot: TokenKind;
  readonly #provider: TokenProvider | undefined;
  readonly #timeoutMs: number;
  #current: string | undefined;
  #renewing: Promise<string> | undefined;

  /**
   * @param timeoutMs - milliseconds that a provider has
   * @param slot - what it was given as
   * @throws TokenSourceError for a source that is neither a text nor a function
   */
  constructor(source: TokenSource | undefined, timeoutMs: number, slot: TokenKind) {
    this.slot = slot;
    this.#timeoutMs = timeoutMs;
    if (typeof source === 'function') this.#provider = source;
    else this.#current = readToken('the option token', source);
  }

  /** Whether it may be replaced by another. */
  get rotates(): boolean {
    return this.#provider !== undefined;
  }

  /** @throws SlackTokenMissingError */
  async current(method: string): Promise<string> {
    if (this.#current !== undefined) return this.#current;
    if (this.#provider === undefined) throw new SlackTokenMissingError(method, { kind: this.slot });
    try {
      return await this.#ask(this.#provider);
    } catch (error) {
      throw new SlackTokenMissingError(method, { kind: this.slot, cause: error });
    }
  }

  /**
   * The token after one that Slack refused; undefined where there is no other. Those who ask at the same time are given
   * the same one.
   *
   * @throws what the provider throws
   */
  async renew(refused: string): Promise<string | undefined> {
    if (this.#provider === undefined) return undefined;
    if (this.#current !== undefined && this.#current !== refused) return this.#current;
    const token = await this.#ask(this.#provider);
    return token === refused ? undefined : token;
  }

  #ask(provider: TokenProvider): Promise<string> {
    this.#renewing ??= unlessAborted(Promise.resolve().then(provider), AbortSignal.timeout(this.#timeoutMs))
      .then((given) => {
        const token = readToken(SOURCE, given);
        if (token === undefined) throw new TokenSourceError(`${SOURCE} gave none`);
        this.#current = token;
        return token;
      })
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }
}
