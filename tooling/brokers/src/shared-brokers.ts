import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Broker, type BrokerName, brokerNames } from './broker.ts';
import { BrokerUnavailableError } from './broker-unavailable-error.ts';
import type { StartKafkaOptions } from './kafka/start-kafka.ts';
import { openBroker, startBroker } from './open-broker.ts';
import type { StartRabbitMQOptions } from './rabbitmq/start-rabbitmq.ts';
import type { StartRedisOptions } from './redis/start-redis.ts';

/** Settings of a shared broker. Requests with the same settings share a broker. */
export interface SharedSettings {
  readonly kafka: Pick<StartKafkaOptions, 'properties'>;
  readonly rabbitmq: Pick<StartRabbitMQOptions, 'configuration' | 'advanced'>;
  readonly redis: Pick<StartRedisOptions, 'args'>;
}

/** A shared broker. */
export interface LeasedBroker extends Broker {
  /** See `KafkaBroker.harnessUrl`. */
  readonly harnessUrl?: string | undefined;
}

type Lease = Omit<LeasedBroker, 'dispose'>;
type Refusal = Pick<BrokerUnavailableError, 'reasons' | 'remedy'>;

/** Brokers that several processes share. Each starts at the first request for it. */
export interface SharedBrokers {
  /** Port on loopback, for `leaseBroker`. */
  readonly port: number;
  /** Ends the brokers. */
  close(): Promise<void>;
}

function leaseOf({ name, source, version, url, env, managementUrl, harnessUrl }: LeasedBroker): Lease {
  return { name, source, version, url, env, managementUrl, harnessUrl };
}

/** Shares brokers with other processes. */
export async function shareBrokers(): Promise<SharedBrokers> {
  const opened = new Map<string, Promise<LeasedBroker>>();
  const server = createServer(async ({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    const name = brokerNames.find((known) => pathname === `/${known}`);
    if (name === undefined) return void response.writeHead(404).end();
    const settings = searchParams.get('settings');
    const broker = opened.get(url) ?? (settings === null ? openBroker(name) : startBroker(name, JSON.parse(settings)));
    opened.set(url, broker);
    try {
      response.end(JSON.stringify(leaseOf(await broker)));
    } catch (error) {
      if (!(error instanceof BrokerUnavailableError)) return void response.writeHead(500).end(String(error));
      const { reasons, remedy } = error;
      response.writeHead(503).end(JSON.stringify({ reasons, remedy } satisfies Refusal));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      const settled = await Promise.allSettled(opened.values());
      await Promise.all(settled.map((each) => (each.status === 'fulfilled' ? each.value.dispose() : undefined)));
    },
  };
}

/**
 * Requests a broker from the process that shares them.
 *
 * @param settings - default: those of `openBroker`, and the broker that the environment names comes first
 * @throws {BrokerUnavailableError}
 */
export async function leaseBroker<Name extends BrokerName>(
  port: number,
  name: Name,
  settings?: SharedSettings[Name],
): Promise<LeasedBroker> {
  const query = settings === undefined ? '' : `?${new URLSearchParams({ settings: JSON.stringify(settings) })}`;
  const response = await fetch(`http://127.0.0.1:${port}/${name}${query}`);
  if (response.status === 503) {
    const { reasons, remedy } = (await response.json()) as Refusal;
    throw new BrokerUnavailableError(name, reasons, remedy);
  }
  if (!response.ok) throw new Error(`${name} was not started: ${await response.text()}`);
  return { ...((await response.json()) as Lease), dispose: async () => undefined };
}
