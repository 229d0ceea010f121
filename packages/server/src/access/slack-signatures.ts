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

/**
 * Maximum number of used signatures to store. A request with a stored signature is rejected as a replay. The stored
 * signatures use at most about 10 MiB of memory.
 */
const MAX_USED = 50_000;

/** A verified Slack signature of a request. */
export interface SlackSignature {
  /**
   * Finds the app that a message belongs to.
   *
   * @param named - the ID of the app in the message
   * @param mayBeUnnamed - whether the message may omit the app's ID
   */
  appOf(named: unknown, mayBeUnnamed: boolean): AppVerdict;
  /**
   * Marks the signature as used. Returns false if a request with this signature has already called a tool or read a
   * resource, or if no more signatures can be stored.
   */
  use(): boolean;
}

/** Options of {@link SlackSignatures}. */
export interface SlackSignaturesOptions {
  /** The app that calls MCP; default: every app with a signing secret. */
  readonly appId?: string | undefined;
  /** The current time in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Checks the signature and the app of MCP requests that Slack signs, and prevents replays of a captured request. */
export class SlackSignatures {
  /** Whether several apps sign requests, in which case caller IDs contain the app's ID. */
  readonly severalApps: boolean;
  readonly #secrets;
  readonly #now: () => number;
  /** Each used signature and the time when it expires, oldest first. */
  readonly #used = new Map<string, number>();

  /** @throws ConfigurationError - no signing secret is given, or no secret belongs to the app `appId` */
  constructor(signingSecret: SigningSecrets, { appId, now = Date.now }: SlackSignaturesOptions = {}) {
    const all = resolveSigningSecrets(signingSecret);
    const app = appId?.toUpperCase();
    const secrets = app === undefined ? all : all.filter((secret) => (secret.appId ?? app) === app);
    if (secrets.length === 0) {
      throw new ConfigurationError(
        `no signing secret is set for the app ${app}: add ${app}=<its signing secret> to the signing secrets`,
      );
    }
    // A secret without an app belongs to the configured app.
    this.#secrets = prepareSecrets(app === undefined ? secrets : secrets.map((secret) => ({ ...secret, appId: app })));
    this.severalApps = new Set(this.#secrets.map(({ appId }) => appId)).size > 1;
    this.#now = now;
  }

  /** @returns undefined if the signature is wrong or expired */
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
    // If all stored signatures are still valid, refuse: dropping one would let its request act again.
    if (this.#used.has(signature) || this.#used.size >= MAX_USED) return false;
    // Slack's clock may be ahead by the window, and the signature is valid for another window after that.
    this.#used.set(signature, Math.max(now, Number(timestamp) * 1000) + SIGNATURE_WINDOW_SECONDS * 1000 + 1000);
    return true;
  }
}
