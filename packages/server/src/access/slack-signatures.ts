import { ConfigurationError } from '@slack-mcp/core';
import {
  type AppVerdict,
  appOfSigners,
  prepareSecrets,
  resolveSigningSecrets,
  SIGNATURE_WINDOW_SECONDS,
  type SignedRequest,
  type SigningSecrets,
  verifySignature,
} from '@slack-mcp/slack';

/** Signatures that are remembered, so that each acts once. Bounds memory to about 10 MiB. */
const MAX_USED = 50_000;

/** A request with a good signature of Slack. */
export interface SlackSignature {
  /**
   * Finds the app that a message belongs to.
   *
   * @param named - the id of the app in the message
   * @param mayBeUnnamed - whether the message may leave it out
   */
  appOf(named: unknown, mayBeUnnamed: boolean): AppVerdict;
  /** Uses the signature for a call. False: a request with this signature has acted before. */
  use(): boolean;
}

/** Options of {@link SlackSignatures}. */
export interface SlackSignaturesOptions {
  /** The app that calls MCP. Default: each app with a signing secret. */
  readonly appId?: string | undefined;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** Checks MCP requests that Slack signs: the signature, the app, and that a captured request does not act again. */
export class SlackSignatures {
  /** Whether several apps sign, so that the id of a caller contains its app. */
  readonly severalApps: boolean;
  readonly #secrets;
  readonly #now: () => number;
  /** Each signature with the time when it is stale, oldest first. */
  readonly #used = new Map<string, number>();

  /** @throws ConfigurationError - no secret, or none of the app */
  constructor(signingSecret: SigningSecrets, { appId, now = Date.now }: SlackSignaturesOptions = {}) {
    const all = resolveSigningSecrets(signingSecret);
    const app = appId?.toUpperCase();
    const secrets = app === undefined ? all : all.filter((secret) => (secret.appId ?? app) === app);
    if (secrets.length === 0) {
      throw new ConfigurationError(`no signing secret belongs to the app ${app}: add ${app}=<its signing secret>`);
    }
    // A secret without an app vouches for the one app that is given.
    this.#secrets = prepareSecrets(app === undefined ? secrets : secrets.map((secret) => ({ ...secret, appId: app })));
    this.severalApps = new Set(this.#secrets.map(({ appId }) => appId)).size > 1;
    this.#now = now;
  }

  /** @returns undefined if the signature is wrong or stale */
  verify(request: SignedRequest): SlackSignature | undefined {
    const verdict = verifySignature(request, this.#secrets, this.#now());
    if ('fault' in verdict) return undefined;
    const { signers } = verdict;
    return {
      appOf: (named, mayBeUnnamed) => appOfSigners(named, { signers, secrets: this.#secrets, mayBeUnnamed }),
      use: () => this.#use(request),
    };
  }

  #use({ timestamp, signature = '' }: SignedRequest): boolean {
    const now = this.#now();
    for (const [used, staleAt] of this.#used) {
      if (staleAt > now) break;
      this.#used.delete(used);
    }
    // When the memory is full of fresh signatures, refuse: forgetting one would let its request act again.
    if (this.#used.has(signature) || this.#used.size >= MAX_USED) return false;
    // Slack's clock may be ahead by the window, and the signature good for another window after that.
    this.#used.set(signature, Math.max(now, Number(timestamp) * 1000) + SIGNATURE_WINDOW_SECONDS * 1000 + 1000);
    return true;
  }
}
