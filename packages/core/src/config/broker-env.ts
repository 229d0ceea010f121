import { readKeySettings } from '../contract/keys.ts';
import type { Logger } from '../contract/logger.ts';
import type { EnvVar } from '../contract/plugin.ts';
import type { EnvReader } from './env.ts';
import { type BrokerOptions, isPrefix, NO_PREFIX } from './queue-options.ts';
import { readAuthority } from './tls-authority.ts';

/** The environment variables that every backend with a broker declares under its own prefix, such as `REDIS`. */
export interface BrokerEnv {
  /** The variables `_USERNAME`, `_PASSWORD`, `_TLS` and `_TLS_CA`. */
  readonly access: readonly EnvVar[];
  /** The variables `_PREFIX`, `_TIMEOUT_MS`, `_MAX_RETRIES` and `_RETRY_DELAY_MS`. */
  readonly behavior: readonly EnvVar[];
}

/** The options that {@link readBrokerEnv} reads. */
export interface BrokerEnvOptions extends BrokerOptions {
  username?: string;
  password?: string;
  tls?: boolean;
  /** The certificate authority in PEM format. */
  tlsCa?: string;
}

/**
 * Declares the variables that every backend with a broker reads.
 *
 * @param name - the prefix of the variables, for example `REDIS`
 * @param broker - the name of the broker in the descriptions, for example `Redis`
 */
export function brokerEnv(name: string, broker: string): BrokerEnv {
  return {
    access: [
      { name: `${name}_USERNAME`, description: 'User name. Overrides the user name in the URL.', example: 'slack' },
      {
        name: `${name}_PASSWORD`,
        description: 'Password. Overrides the password in the URL.',
        example: '<password>',
        secret: true,
      },
      {
        name: `${name}_TLS`,
        description:
          'Turns TLS on or off. By default, TLS is on if the URL has a TLS scheme, or if a CA or a client certificate is set.',
        example: 'true',
      },
      {
        name: `${name}_TLS_CA`,
        description:
          'Certificate authority that signed the server certificate, as the path or the content of a PEM file.',
        example: `/etc/ssl/${name.toLowerCase()}-ca.pem`,
      },
    ],
    behavior: [
      {
        name: `${name}_PREFIX`,
        description: `Prefix of all names that the backend creates in ${broker}, such as those of queues and groups. Use a prefix to separate installations that share one ${broker}.`,
        example: 'staging:',
      },
      {
        name: `${name}_TIMEOUT_MS`,
        description: `Maximum time in milliseconds that publishing and settling wait for ${broker}, including outages.`,
        default: '30000',
        example: '10000',
      },
      {
        name: `${name}_MAX_RETRIES`,
        description: `Maximum number of retries of one publish within \`${name}_TIMEOUT_MS\`. Default: no limit.`,
        example: '10',
      },
      {
        name: `${name}_RETRY_DELAY_MS`,
        description:
          'Milliseconds before the first retry and the first attempt to reconnect. The delay grows with each attempt, to at most 2 seconds.',
        default: '100',
        example: '500',
      },
    ],
  };
}

/**
 * Reads the variables that {@link brokerEnv} declares, and `QUEUE_KEYS`, `QUEUE_GROUPS` and `SLACK_EVENTS_TOPIC`, which
 * every backend reads. A backend without credentials, for example a backend that stores messages in a file, declares
 * only `behavior`.
 *
 * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
 */
export function readBrokerEnv(env: EnvReader, name: string, logger: Logger | undefined): BrokerEnvOptions {
  const { keys, groups } = readKeySettings(env.source);
  const access: Partial<ReturnType<typeof readAccess>> = env.isDeclared(`${name}_USERNAME`)
    ? readAccess(env, name)
    : {};
  const prefix = env.string(`${name}_PREFIX`);
  if (prefix !== undefined && !isPrefix(prefix)) throw env.error(`${name}_PREFIX`, NO_PREFIX);
  return withoutUndefined({
    ...access,
    prefix,
    timeoutMs: env.milliseconds(`${name}_TIMEOUT_MS`, { default: 30_000, min: 1 }),
    maxRetries: env.integer(`${name}_MAX_RETRIES`),
    retryDelayMs: env.milliseconds(`${name}_RETRY_DELAY_MS`, { default: 100 }),
    keys,
    groups,
    logger,
  });
}

function readAccess(env: EnvReader, name: string) {
  const ca = env.string(`${name}_TLS_CA`);
  return {
    username: env.string(`${name}_USERNAME`),
    password: env.string(`${name}_PASSWORD`),
    tls: env.boolean(`${name}_TLS`),
    tlsCa: ca && readAuthority(ca, (problem) => env.error(`${name}_TLS_CA`, problem)),
  };
}

/**
 * Removes properties that are `undefined`, because TypeScript's `exactOptionalPropertyTypes` treats `undefined` and an
 * absent option differently.
 */
export function withoutUndefined<T extends object>(
  options: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
