import { readFileSync } from 'node:fs';
import type { StartedBroker, StartOptions } from '../broker.ts';
import { BrokerFolder } from '../broker-folder.ts';
import { type Certificates, createCertificates } from '../certificates.ts';
import { freePort } from '../free-ports.ts';
import { startOwnedBroker } from '../owned-broker.ts';
import { locateRedis } from './locate-redis.ts';
import { type ClientOptions, withRedisClient } from './redis-client.ts';
import { redisDaemon } from './redis-node.ts';

export interface StartRedisOptions extends StartOptions {
  /** When writes reach the disk. Default `everysec`. */
  appendfsync?: 'always' | 'everysec' | 'no';
  /** For example `8mb`. Redis refuses writes when the memory is full. Default: no limit. */
  maxmemory?: string;
  /** Password of the default user. Default: none. */
  password?: string;
  /** Additional users as ACL rules, for example `worker on >secret ~* &* +@all`. */
  users?: readonly string[];
  /** Accepts only TLS, with a certificate from its own CA. Default false. */
  tls?: boolean;
  /** With `tls`: requires a certificate of the client, too. Default false. */
  clientCertificate?: boolean;
  /** Additional arguments of `redis-server`. */
  args?: readonly string[];
}

export interface RedisBroker extends StartedBroker {
  /** With TLS: the file with the CA certificate. */
  readonly caFile: string | undefined;
  /** With `clientCertificate`: the files with a certificate and a key that clients can use. */
  readonly clientFiles: { readonly certificate: string; readonly key: string } | undefined;
}

/**
 * Starts a private Redis, with its data in an append-only file.
 *
 * @throws {BrokerUnavailableError} if Redis is neither present on this machine nor installable
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<RedisBroker> {
  const { port = await freePort(), password, keepIn, tls = false, clientCertificate = false } = options;
  const { source, ...program } = await locateRedis(options.version);
  const folder = keepIn === undefined ? await BrokerFolder.create('redis') : await BrokerFolder.keep(keepIn);
  const certificates = tls ? await createCertificates(folder.path) : undefined;
  const args = [
    '--dir',
    folder.path,
    ...listen(port, certificates, clientCertificate),
    ...persistence(options),
    ...access(options),
  ];
  const client: ClientOptions = {
    port,
    ...(password !== undefined && { password }),
    ...(certificates && {
      tls: {
        ca: readFileSync(certificates.ca),
        ...(clientCertificate && {
          cert: readFileSync(certificates.client.certificate),
          key: readFileSync(certificates.client.key),
        }),
      },
    }),
  };
  const url = `${tls ? 'rediss' : 'redis'}://${password ? `:${encodeURIComponent(password)}@` : ''}127.0.0.1:${port}`;
  const caFile = certificates?.ca;
  const broker = await startOwnedBroker({
    ...{ name: 'redis', source, version: program.version, port, url, folder },
    env: { REDIS_URL: url, ...(caFile !== undefined && { REDIS_TLS_CA: caFile }) },
    daemon: redisDaemon(program, folder.path, 'redis', args),
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
  return Object.assign(broker, { caFile, clientFiles: clientCertificate ? certificates?.client : undefined });
}

function listen(port: number, certificates: Certificates | undefined, clientCertificate: boolean): string[] {
  if (certificates === undefined) return ['--port', `${port}`];
  const { ca, certificate, key } = certificates;
  return [
    ...['--port', '0', '--tls-port', `${port}`, '--tls-auth-clients', clientCertificate ? 'yes' : 'no'],
    ...['--tls-ca-cert-file', ca, '--tls-cert-file', certificate, '--tls-key-file', key],
  ];
}

function persistence({ appendfsync = 'everysec', maxmemory }: StartRedisOptions): string[] {
  return [
    ...['--appendonly', 'yes', '--appendfsync', appendfsync, '--save', ''],
    ...(maxmemory === undefined ? [] : ['--maxmemory', maxmemory]),
    ...['--maxmemory-policy', 'noeviction'],
  ];
}

function access({ password, users = [], args = [] }: StartRedisOptions): string[] {
  const required = password === undefined ? [] : ['--requirepass', password];
  return [...required, ...users.flatMap((rule) => ['--user', ...rule.split(' ')]), ...args];
}
