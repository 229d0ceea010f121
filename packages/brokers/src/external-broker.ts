import { acceptsConnections } from './accepts-connections.ts';
import type { Broker, BrokerName } from './broker.ts';
import { readEnvironment } from './environment.ts';
import { progress } from './progress.ts';

const conventions: Readonly<Record<BrokerName, { variable: string; port: number }>> = {
  redis: { variable: 'REDIS_URL', port: 6379 },
  rabbitmq: { variable: 'RABBITMQ_URL', port: 5672 },
  kafka: { variable: 'KAFKA_BOOTSTRAP_SERVERS', port: 9092 },
};

/** The broker that the environment names. It belongs to somebody else: it cannot be ended, cut off or wiped. */
export async function externalBroker(name: BrokerName): Promise<Broker | undefined> {
  const { mode, addresses } = readEnvironment();
  const url = addresses[name];
  if (url === undefined || mode === 'skip') return undefined;
  const { variable, port } = conventions[name];
  const first = url.split(',')[0] as string;
  const address = URL.parse(first.includes('://') ? first : `tcp://${first}`);
  if (address !== null && (await acceptsConnections(address.hostname || 'localhost', Number(address.port) || port))) {
    return { name, source: 'environment', url, env: { [variable]: url }, dispose: async () => undefined };
  }
  progress(`nothing answers at ${variable} (${address?.host ?? 'not an address'}); looking for another ${name}`);
  return undefined;
}
