import type { Logger } from '@slack-mcp/core';
import type { Address } from '@slack-mcp/core/backend';
import { type ChannelModel, connect, credentials } from 'amqplib';
import type { ResolvedOptions } from './options.ts';

/** Minimum time without data in milliseconds after which an opening connection counts as dead. */
const MIN_OPENING_MS = 5_000;

/** The options for opening a connection. */
export type ConnectSettings = Pick<
  ResolvedOptions,
  'username' | 'password' | 'vhost' | 'tls' | 'tlsCa' | 'tlsCert' | 'tlsKey' | 'heartbeatMs'
> & { readonly connectionName: string; readonly logger: Logger };

/** Opens one connection to one host. */
export async function createClient(
  address: Address,
  settings: ConnectSettings,
  signal: AbortSignal,
): Promise<ChannelModel> {
  const { username, password, vhost, tls, tlsCa, tlsCert, tlsKey, heartbeatMs, connectionName } = settings;
  const secret = typeof password === 'string' ? password : await password();
  const options = {
    noDelay: true,
    keepAlive: true,
    timeout: Math.max(heartbeatMs, MIN_OPENING_MS),
    signal,
    credentials: credentials.plain(username, secret),
    clientProperties: { connection_name: connectionName },
    ...(tlsCa === undefined ? {} : { ca: [tlsCa] }),
    ...(tlsCert === undefined ? {} : { cert: tlsCert }),
    ...(tlsKey === undefined ? {} : { key: tlsKey }),
  };
  return connect(
    {
      protocol: tls ? 'amqps' : 'amqp',
      hostname: address.host,
      port: address.port,
      vhost: encodeURIComponent(vhost),
      heartbeat: Math.ceil(heartbeatMs / 1_000),
    },
    options,
  );
}
