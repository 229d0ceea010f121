import { SlackTokenMissingError } from './slack-error.ts';
import { readToken, TokenSourceError } from './token-source-error.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Gives a token that Slack takes now: the first time it is asked, and again when Slack does not know the last one. */
export type TokenProvider = () => Promise<string>;

const SOURCE = 'the function that is the option token';

/** The token of a workspace, and the one after it where tokens rotate. */
export class SlackTokens {
  readonly #provider: TokenProvider | undefined;
  readonly #timeoutMs: number;
  #current: string | undefined;
  #renewing: Promise<string> | undefined;

  /**
   * @param timeoutMs - milliseconds that a provider has
   * @throws TokenSourceError for a source that is neither a text nor a function
   */
  constructor(source: string | TokenProvider | undefined, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    if (typeof source === 'function') this.#provider = source;
    else this.#current = readToken('the option token', source);
  }

  /** @throws SlackTokenMissingError */
  async current(method: string): Promise<string> {
    if (this.#current !== undefined) return this.#current;
    if (this.#provider === undefined) throw new SlackTokenMissingError(method);
    try {
      return await this.#ask(this.#provider);
    } catch (error) {
      throw new SlackTokenMissingError(method, { cause: error });
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
