import { ConfigurationError, type Env, type EnvVar, type Logger, readEnv } from '@slack-mcp/core';
import {
  type BrokerOptions,
  brokerEnv,
  type ResolvedBrokerOptions,
  readBrokerEnv,
  resolveBrokerOptions,
} from '@slack-mcp/core/backend';

// FILL IN 2 of 5: the options of your broker and their environment variables. Keep `ACME_URL` and the variables that
// `brokerEnv` declares: all backends have them.

/** Options of `AcmeBackend`. */
export interface AcmeBackendOptions extends BrokerOptions {
  /** URL of the broker. Default `acme://127.0.0.1`. */
  url?: string;
}

/** {@link AcmeBackendOptions} with all defaults applied. */
export interface AcmeOptions extends ResolvedBrokerOptions {
  readonly url: string;
}

const DEFAULT_URL = 'acme://127.0.0.1';

// The stand-in has no credentials. If your broker needs credentials, add `...access`.
const { behavior } = brokerEnv('ACME', 'Acme');

/** The environment variables of this backend. The table in the README is generated from them. */
export const ACME_ENV: readonly EnvVar[] = [
  { name: 'ACME_URL', description: 'URL of the broker.', default: DEFAULT_URL, example: 'acme://acme.internal' },
  ...behavior,
];

/**
 * Validates the options and applies the defaults.
 *
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 */
export function resolveOptions(options: AcmeBackendOptions): AcmeOptions {
  const { url = DEFAULT_URL } = options;
  if (!isUrl(url)) throw new ConfigurationError(`url is not valid (for example { url: '${DEFAULT_URL}' })`);
  return { ...resolveBrokerOptions(options), url };
}

/**
 * Reads the options from environment variables.
 *
 * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
 */
export function optionsFromEnv(source: Env | undefined, logger: Logger | undefined): AcmeBackendOptions {
  const env = readEnv(ACME_ENV, source);
  const url = env.string('ACME_URL', { default: DEFAULT_URL });
  if (!isUrl(url)) throw env.error('ACME_URL', 'is not a URL that starts with acme://');
  return { ...readBrokerEnv(env, 'ACME', logger), url };
}

function isUrl(text: string): boolean {
  return text.startsWith('acme://') && URL.canParse(text);
}
