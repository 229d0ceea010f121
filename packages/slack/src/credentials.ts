import { GrantedScopes } from './granted-scopes.ts';
import { MethodLimits } from './method-limits.ts';
import { SlackTokenMissingError } from './slack-error.ts';
import type { SlackHealth } from './slack-port.ts';
import { SlackTokens, type TokenSource, type WorkspaceTokens } from './slack-tokens.ts';
import { kindOfToken, kindsFor, type TokenKind } from './token-kind.ts';

/** A token with its scopes and rate limits, as stated in Slack's answers. */
export class Credential {
  readonly tokens: SlackTokens;
  readonly limits: MethodLimits = new MethodLimits();
  readonly scopes: GrantedScopes = new GrantedScopes();
  /** Slack's error name when it last refused the token; undefined once Slack accepts the token again. */
  refusal: string | undefined;
  readonly #slot: TokenKind;
  readonly #fixedKind: TokenKind | undefined;

  constructor(source: TokenSource, slot: TokenKind, timeoutMs: number) {
    this.tokens = new SlackTokens(source, timeoutMs, slot);
    this.#slot = slot;
    this.#fixedKind = typeof source === 'string' ? (kindOfToken(source) ?? slot) : undefined;
  }

  /** Whether the token can be of this kind. The kind of some tokens is known only after the token has been read. */
  mayBe(kind: TokenKind): boolean {
    return (this.#fixedKind ?? this.#slot) === kind;
  }

  /** Returns the kind of a token that this credential returned. */
  kindOf(token: string): TokenKind {
    return kindOfToken(token) ?? this.#fixedKind ?? this.#slot;
  }
}

/** The tokens of one workspace. */
export class Credentials {
  readonly #all: readonly Credential[];

  /**
   * @param timeoutMs - maximum time in milliseconds for a function to return a token
   * @throws TokenSourceError - a source is neither a string nor a function
   */
  constructor(source: TokenSource | WorkspaceTokens | undefined, timeoutMs: number) {
    const { bot, user } = isWorkspaceTokens(source) ? source : { bot: source };
    this.#all = [
      ...(isGiven(bot) ? [new Credential(bot, 'bot', timeoutMs)] : []),
      ...(isGiven(user) ? [new Credential(user, 'user', timeoutMs)] : []),
    ];
  }

  /**
   * Chooses the credential for a method.
   *
   * @param wanted - the allowed kinds of token, in order of preference; default: the kinds that suit the method,
   *   otherwise any kind
   * @throws SlackTokenMissingError
   */
  choose(method: string, wanted: TokenKind | readonly TokenKind[] | undefined): Credential {
    const kinds = wanted === undefined ? kindsFor(method) : [wanted].flat();
    for (const kind of kinds) {
      const found = this.#all.find((credential) => credential.mayBe(kind));
      if (found !== undefined) return found;
    }
    throw new SlackTokenMissingError(
      method,
      this.#all.length === 0 || kinds[0] === undefined ? {} : { kind: kinds[0] },
    );
  }

  /** The kinds of token that calls can use. */
  get kinds(): readonly TokenKind[] {
    return (['bot', 'user'] as const).filter((kind) => this.#all.some((credential) => credential.mayBe(kind)));
  }

  scopes(kind: TokenKind | undefined): readonly string[] | undefined {
    const known = this.#all
      .filter((credential) => kind === undefined || credential.mayBe(kind))
      .map((credential) => credential.scopes.current);
    if (known.length === 0 || known.includes(undefined)) return undefined;
    return [...new Set(known.flatMap((scopes) => scopes ?? []))];
  }

  health(): SlackHealth {
    const refused = this.#all.flatMap(({ refusal, tokens: { slot } }) =>
      refusal === undefined ? [] : [[slot, refusal]],
    );
    return { status: refused.length === 0 ? 'up' : 'degraded', detail: Object.fromEntries(refused) };
  }
}

/** Whether a source contains the tokens of a workspace by kind instead of a single token. */
export function isWorkspaceTokens(source: unknown): source is WorkspaceTokens {
  return typeof source === 'object' && source !== null && ('bot' in source || 'user' in source);
}

function isGiven(source: TokenSource | undefined): source is TokenSource {
  return source !== undefined && source !== null && source !== '';
}
