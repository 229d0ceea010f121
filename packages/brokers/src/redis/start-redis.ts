import { readFileSync } from 'node:fs';
import type { StartedBroker, StartOptions } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { createCertificates } from '../certificates.ts';
import { Daemon } from '../daemon.ts';
import { freePort } from '../free-ports.ts';
import { startOwnedBroker } from '../owned-broker.ts';
import { inContainer } from '../provision/container-engine.ts';
import { locateRedis, type RedisProgram } from './locate-redis.ts';
import { type ClientOptions, withRedisClient } from './redis-client.ts';

export interface StartRedisOptions extends StartOptions {
  /** When what was written reaches the disk. Default `everysec`. */
  appendfsync?: 'always' | 'everysec' | 'no';
  /** Such as `8mb`; a full memory refuses writes. Default: no limit. */
  maxmemory?: string;
  /** Password of the default user. Default: none. */
  password?: string;
  /** Further users as ACL rules, such as `worker on >secret ~* &* +@all`. */
  users?: readonly string[];
  /** Speaks TLS only, with a certificate of its own authority. Default false. */
  tls?: boolean;
  /** Further arguments of `redis-server`. */
  args?: readonly string[];
}

export interface RedisBroker extends StartedBroker {
  /** With TLS: the file with the authority's certificate. */
  readonly caFile: string | undefined;
}

/**
 * Starts a Redis of one's own, with its data in an append-only file.
 *
 * @throws {BrokerUnavailableError} when there is none on this machine and none can be installed.
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<RedisBroker> {
  const { port = await freePort(), password, keepIn, tls = false } = options;
  const { source, ...program } = await locateRedis();
  const folder = keepIn === undefined ? await BrokerFolder.create('redis') : await BrokerFolder.keep(keepIn);
  const certificates = tls ? await createCertificates(folder.path) : undefined;
  const listen = certificates
    ? ['--port', '0', '--tls-port', `${port}`, '--tls-auth-clients', 'no']
        .concat('--tls-ca-cert-file', certificates.ca)
        .concat('--tls-cert-file', certificates.certificate, '--tls-key-file', certificates.key)
    : ['--port', `${port}`];
  const client: ClientOptions = {
    port,
    ...(password !== undefined && { password }),
    ...(certificates && { tls: { ca: readFileSync(certificates.ca) } }),
  };
  const url = `${tls ? 'rediss' : 'redis'}://${password ? `:${encodeURIComponent(password)}@` : ''}127.0.0.1:${port}`;
  const caFile = certificates?.ca;
  const broker = await startOwnedBroker({
    ...{ name: 'redis', source, port, url, folder },
    env: { REDIS_URL: url, ...(caFile !== undefined && { REDIS_TLS_CA: caFile }) },
    daemon: redisDaemon(program, folder.path, 'redis', [...listen, ...persistence(options), ...access(options)]),
    probe: () => withRedisClient(client, (redis) => redis.ping()),
    closeConnections: () =>
      withRedisClient(client, async (redis) => {
        await redis.call('CLIENT', 'KILL', 'TYPE', 'normal');
        await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      }),
    wipe: () =>
      withRedisClient(client, async (redis) => {
        await redis.flushall();
      }),
  });
  return Object.defineProperty(broker, 'caFile', { value: caFile, enumerable: true }) as RedisBroker;
}

/** A Redis process in a folder; all flavours of Redis are this program with other arguments. */
export function redisDaemon(
  { server, container }: RedisProgram,
  folder: string,
  name: string,
  args: readonly string[],
): Daemon {
  const command = [server, ...args, '--bind', '127.0.0.1', '--dir', folder];
  return new Daemon({ name, folder, command, ...(container && inContainer(container, folder, command)) });
}

function persistence({ appendfsync = 'everysec', maxmemory }: StartRedisOptions): string[] {
  const limit = maxmemory === undefined ? [] : ['--maxmemory', maxmemory];
  return ['--appendonly', 'yes', '--appendfsync', appendfsync, '--save', '', ...limit].concat(
    '--maxmemory-policy',
    'noeviction',
  );
}

function access({ password, users = [], args = [] }: StartRedisOptions): string[] {
  const required = password === undefined ? [] : ['--requirepass', password];
  return [...required, ...users.flatMap((rule) => ['--user', ...rule.split(' ')]), ...args];
}
