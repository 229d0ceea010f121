import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Broker, type BrokerName, brokerNames } from './broker.ts';
import { BrokerUnavailableError } from './broker-unavailable-error.ts';
import { openBroker } from './open-broker.ts';

type Lease = Pick<Broker, 'name' | 'source' | 'version' | 'url' | 'env' | 'managementUrl'>;
type Refusal = Pick<BrokerUnavailableError, 'reasons' | 'remedy'>;

/** Brokers that several processes share. Each starts at the first request for it. */
export interface SharedBrokers {
  /** Port on loopback, for `leaseBroker`. */
  readonly port: number;
  /** Ends the brokers. */
  close(): Promise<void>;
}

/** Shares brokers with other processes. */
export async function shareBrokers(): Promise<SharedBrokers> {
  const opened = new Map<string, Promise<Broker>>();
  const server = createServer(async ({ url = '' }, response) => {
    const name = brokerNames.find((known) => url === `/${known}`);
    if (name === undefined) return void response.writeHead(404).end();
    const broker = opened.get(name) ?? openBroker(name);
    opened.set(name, broker);
    try {
      const { source, version, url, env, managementUrl } = await broker;
      response.end(JSON.stringify({ name, source, version, url, env, managementUrl } satisfies Lease));
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

/** Requests a broker from the process that shares them. @throws {BrokerUnavailableError} */
export async function leaseBroker(port: number, name: BrokerName): Promise<Broker> {
  const response = await fetch(`http://127.0.0.1:${port}/${name}`);
  if (response.status === 503) {
    const { reasons, remedy } = (await response.json()) as Refusal;
    throw new BrokerUnavailableError(name, reasons, remedy);
  }
  if (!response.ok) throw new Error(`${name} was not started: ${await response.text()}`);
  return { ...((await response.json()) as Lease), dispose: async () => undefined };
}
