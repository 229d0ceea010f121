import { homedir } from 'node:os';
import { join } from 'node:path';
import type { BrokerName } from './broker.ts';
import { isVersion } from './version.ts';

/** Tests of an unavailable broker are skipped (`auto`) or fail (`required`). `skip`: do not use brokers at all. */
export type BrokersMode = 'auto' | 'required' | 'skip';

export interface Environment {
  readonly mode: BrokersMode;
  /** Addresses of running brokers. */
  readonly addresses: Readonly<Record<BrokerName, string | undefined>>;
  /** Versions of the brokers to start, or the beginning of a version, for example `4.0`. */
  readonly versions: Readonly<Record<BrokerName, string | undefined>>;
  /** Folders with executables. */
  readonly path: readonly string[];
  readonly kafkaHome: string | undefined;
  /** The program to use instead of `redis-server` in `PATH`: another version, or Valkey. */
  readonly redisServer: string | undefined;
  /** Folder for downloads that are kept between runs. */
  readonly cacheFolder: string;
}

/** Reads the environment variables about brokers. @throws {Error} if a variable has an unknown value */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  return {
    mode: readMode(env['BROKERS']),
    addresses: {
      redis: env['REDIS_URL'] || undefined,
      rabbitmq: env['RABBITMQ_URL'] || undefined,
      kafka: env['KAFKA_BOOTSTRAP_SERVERS'] || undefined,
    },
    versions: {
      redis: readVersion(env, 'REDIS_VERSION'),
      rabbitmq: readVersion(env, 'RABBITMQ_VERSION'),
      kafka: readVersion(env, 'KAFKA_VERSION'),
    },
    path: (env['PATH'] ?? '').split(':').filter((folder) => folder !== ''),
    kafkaHome: env['KAFKA_HOME'] || undefined,
    redisServer: env['REDIS_SERVER'] || undefined,
    cacheFolder: join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'slack-mcp', 'brokers'),
  };
}

/** The environment of this process with additions, for a child process. */
export function childEnvironment(additions: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...additions };
}

function readVersion(env: NodeJS.ProcessEnv, variable: string): string | undefined {
  const value = env[variable] || undefined;
  if (value === undefined || isVersion(value)) return value;
  throw new Error(`${variable} is ${JSON.stringify(value)}: expected a version such as 4.3 or 4.3.6.`);
}

function readMode(value = ''): BrokersMode {
  const mode = value.toLowerCase();
  if (mode === '' || mode === 'auto') return 'auto';
  if (mode === 'required' || mode === 'skip') return mode;
  throw new Error(`BROKERS is ${JSON.stringify(value)}: expected required, skip or nothing.`);
}
