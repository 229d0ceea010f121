import { type Address, answers } from './answers.ts';
import type { Broker, BrokerName } from './broker.ts';
import { readEnvironment } from './environment.ts';
import { progress } from './progress.ts';

const conventions: Readonly<Record<BrokerName, { variable: string; port: number }>> = {
  redis: { variable: 'REDIS_URL', port: 6379 },
  rabbitmq: { variable: 'RABBITMQ_URL', port: 5672 },
  kafka: { variable: 'KAFKA_BOOTSTRAP_SERVERS', port: 9092 },
};

/** The broker that the environment names. It is external: it cannot be stopped, disconnected or wiped. */
export async function externalBroker(name: BrokerName): Promise<Broker | undefined> {
  const { mode, addresses } = readEnvironment();
  const url = addresses[name];
  if (url === undefined || mode === 'skip') return undefined;
  const { variable, port } = conventions[name];
  const address = addressOf(url, port);
  if (address !== undefined && (await answers(name, address))) {
    return {
      name,
      source: 'environment',
      version: undefined,
      url,
      env: { [variable]: url },
      dispose: async () => undefined,
    };
  }
  const place = address === undefined ? 'not an address' : `${address.host}:${address.port}`;
  progress(`no ${name} answers at ${variable} (${place}); looking for another one`);
  return undefined;
}

/** The first of several addresses. */
function addressOf(url: string, usualPort: number): Address | undefined {
  const first = url.split(',')[0] as string;
  const parsed = URL.parse(first.includes('://') ? first : `tcp://${first}`);
  if (parsed === null) return undefined;
  // Only a URL has brackets around an IPv6 address.
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost';
  return { host, port: Number(parsed.port) || usualPort, tls: ['rediss:', 'amqps:'].includes(parsed.protocol) };
}
