import { readKeySettings } from '../contract/keys.ts';
import type { Logger } from '../contract/logger.ts';
import type { EnvVar } from '../contract/plugin.ts';
import type { EnvReader } from './env.ts';
import { type BrokerOptions, isPrefix, NO_PREFIX } from './queue-options.ts';
import { readAuthority } from './tls-authority.ts';

/** The variables that every broker has under its own name, in the order of a table. */
export interface BrokerEnv {
  /** `_USERNAME`, `_PASSWORD`, `_TLS`, `_TLS_CA`. */
  readonly access: readonly EnvVar[];
  /** `_PREFIX`, `_TIMEOUT_MS`, `_MAX_RETRIES`, `_RETRY_DELAY_MS`. */
  readonly behavior: readonly EnvVar[];
}

/** What {@link readBrokerEnv} reads. */
export interface BrokerEnvOptions extends BrokerOptions {
  username?: string;
  password?: string;
  tls?: boolean;
  /** In PEM. */
  tlsCa?: string;
}

/**
 * Declares the variables that every broker has.
 *
 * @param name - in front of each, as in `REDIS`
 * @param broker - for the descriptions, as in `Redis`
 */
export function brokerEnv(name: string, broker: string): BrokerEnv {
  return {
    access: [
      { name: `${name}_USERNAME`, description: 'Instead of the user in the URL.', example: 'slack' },
      {
        name: `${name}_PASSWORD`,
        description: 'Instead of the password in the URL.',
        example: '<password>',
        secret: true,
      },
      {
        name: `${name}_TLS`,
        description: 'Speak TLS whatever the URL says. Unset: as the URL says.',
        example: 'true',
      },
      {
        name: `${name}_TLS_CA`,
        description: "The authority of the server's certificate: the path of a PEM file, or its text.",
        example: `/etc/ssl/${name.toLowerCase()}-ca.pem`,
      },
    ],
    behavior: [
      {
        name: `${name}_PREFIX`,
        description: `Put before every name, so that installations that share a ${broker} are apart.`,
        example: 'staging:',
      },
      {
        name: `${name}_TIMEOUT_MS`,
        description: `Milliseconds that publishing and settling wait for ${broker}, outages included.`,
        default: '30000',
        example: '10000',
      },
      {
        name: `${name}_MAX_RETRIES`,
        description: 'Most repetitions of one publish within that time. Unset: as many as fit.',
        example: '10',
      },
      {
        name: `${name}_RETRY_DELAY_MS`,
        description: 'Milliseconds before the first repetition and the first attempt to reconnect; grows to 2 s.',
        default: '100',
        example: '500',
      },
    ],
  };
}

/**
 * Reads the variables of {@link brokerEnv}, and what every backend reads: `QUEUE_KEYS`, `QUEUE_GROUPS`,
 * `SLACK_EVENTS_TOPIC`.
 *
 * @throws ConfigurationError - names the variable and gives an example
 */
export function readBrokerEnv(env: EnvReader, name: string, logger: Logger | undefined): BrokerEnvOptions {
  const { keys, groups } = readKeySettings(env.source);
  const ca = env.string(`${name}_TLS_CA`);
  const prefix = env.string(`${name}_PREFIX`);
  if (prefix !== undefined && !isPrefix(prefix)) throw env.error(`${name}_PREFIX`, NO_PREFIX);
  return withoutUndefined({
    username: env.string(`${name}_USERNAME`),
    password: env.string(`${name}_PASSWORD`),
    tls: env.boolean(`${name}_TLS`),
    tlsCa: ca && readAuthority(ca, (problem) => env.error(`${name}_TLS_CA`, problem)),
    prefix,
    timeoutMs: env.milliseconds(`${name}_TIMEOUT_MS`, { default: 30_000, min: 1 }),
    maxRetries: env.integer(`${name}_MAX_RETRIES`),
    retryDelayMs: env.milliseconds(`${name}_RETRY_DELAY_MS`, { default: 100 }),
    keys,
    groups,
    logger,
  });
}

/** The members that have a value: an option that is `undefined` is not an option that is absent. */
export function withoutUndefined<T extends object>(
  options: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
