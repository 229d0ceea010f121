import { SlackTokenMissingError } from './slack-error.ts';
import type { TokenKind } from './token-kind.ts';
import { readToken, TokenSourceError } from './token-source-error.ts';
import { unlessAborted } from './unless-aborted.ts';

/**
 * Returns a valid token. The client runs this function before its first call, and again when Slack refuses the token.
 */
export type TokenProvider = () => Promise<string>;

/** A token, or a function that returns the current token if tokens rotate. */
export type TokenSource = string | TokenProvider;

/** The tokens of one workspace. */
export interface WorkspaceTokens {
  /** `xoxb-…` */
  readonly bot?: TokenSource | undefined;
  /** `xoxp-…` */
  readonly user?: TokenSource | undefined;
  /**
   * The id of the workspace (`T…`), if an Enterprise organization installed the app for several workspaces. The client
   * sends the id as `team_id` with the methods that require it for the tokens of an organization.
   */
  readonly teamId?: string | undefined;
}

const SOURCE = 'the function in the option `token`';

/** A token or, if tokens rotate, the current token of a provider. */
export class SlackTokens {
  readonly slot: TokenKind;
  readonly #provider: TokenProvider | undefined;
  readonly #timeoutMs: number;
  #current: string | undefined;
  #renewing: Promise<string> | undefined;

  /**
   * @param timeoutMs - maximum time in milliseconds for a provider to return a token
   * @param slot - the kind for which the token was configured
   * @throws TokenSourceError if the source is neither a string nor a function
   */
  constructor(source: TokenSource | undefined, timeoutMs: number, slot: TokenKind) {
    this.slot = slot;
    this.#timeoutMs = timeoutMs;
    if (typeof source === 'function') this.#provider = source;
    else this.#current = readToken('the option token', source);
  }

  /** Whether another token can replace the token. */
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
   * Returns the token that replaces a refused token; undefined if there is no other token. Concurrent calls get the
   * same token.
   *
   * @throws the error of the provider
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
        if (token === undefined)
          throw new TokenSourceError(`${SOURCE} returned no token: return a string that is not empty`);
        this.#current = token;
        return token;
      })
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }
}
