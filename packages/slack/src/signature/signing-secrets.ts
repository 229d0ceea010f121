import { ConfigurationError } from '@slack-mcp/core';

/**
 * One signing secret, a list of secrets during a rotation, or secrets by app, for example `{ A0123: 'secret', A0456:
 * ['new', 'old'] }`. In a list, `A0123=secret` is a secret of the app `A0123`. App ids in lower case are accepted.
 */
export type SigningSecrets = string | readonly string[] | Readonly<Record<string, string | readonly string[]>>;

/** One signing secret. */
export interface SigningSecret {
  readonly secret: string;
  /** The app that the secret belongs to; if absent, the secret is accepted for any app. */
  readonly appId?: string;
}

const OF_APP = /^(A[A-Z0-9]{2,})=(.*)$/is;

/**
 * Converts signing secrets to one format.
 *
 * @throws ConfigurationError - there is no secret, or a secret is empty
 */
export function resolveSigningSecrets(secrets: SigningSecrets): readonly SigningSecret[] {
  const resolved =
    typeof secrets === 'string' || isList(secrets)
      ? [secrets].flat().map(parseSigningSecret)
      : Object.entries(secrets).flatMap(([appId, own]) =>
          [own].flat().map((secret) => ({ secret, appId: appId.toUpperCase() })),
        );
  if (resolved.length === 0 || resolved.some(({ secret }) => typeof secret !== 'string' || secret.trim() === '')) {
    throw new ConfigurationError(
      "signingSecret is empty or contains an empty secret: set the app's secret (Basic Information → Signing Secret)",
    );
  }
  return resolved;
}

/** Parses a secret in the format of a list, which is `secret` or `A0123=secret`. */
export function parseSigningSecret(text: string): SigningSecret {
  const [, appId, secret] = OF_APP.exec(text) ?? [];
  return appId === undefined || secret === undefined ? { secret: text } : { secret, appId: appId.toUpperCase() };
}

function isList(secrets: SigningSecrets): secrets is readonly string[] {
  return Array.isArray(secrets);
}
