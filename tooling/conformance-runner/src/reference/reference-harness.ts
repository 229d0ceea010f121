import type { ConformanceHarness } from '@slack-mcp/conformance';
import { AuthenticationError, decodePayload, type QueueBackend } from '@slack-mcp/core';
import { wrapBackend, wrapSubscription } from '../wrap.ts';
import { bytesOf, toBody } from './codec.ts';
import { Link } from './link.ts';
import { ReferenceBackend, type ReferenceOptions, referenceCapabilities } from './reference-backend.ts';

const LEASE_MS = 30_000;

/** Makes the backend of a harness: {@link ReferenceBackend}, or one that is broken on purpose. */
export type ReferenceFactory = (options: ReferenceOptions) => QueueBackend;

const makeReference: ReferenceFactory = (options) => new ReferenceBackend(options);

/**
 * The harness of the reference backend, over the queues of `memory`, with every fault that a process can stand in for.
 */
export function referenceHarness(
  memory: ConformanceHarness,
  make: ReferenceFactory = makeReference,
): ConformanceHarness {
  const link = new Link();
  const outage = async (): Promise<void> => {
    await link.cut();
    await new Promise((resolve) => setImmediate(resolve));
    await link.heal();
  };
  const fromEnv = (env?: Readonly<Record<string, string | undefined>>): QueueBackend =>
    make({ broker: memory.Backend.fromEnv(env), link, namespace: env?.['MEMORY_NAME'] ?? '', leaseMs: LEASE_MS });
  return {
    ...memory,
    name: 'reference',
    Backend: { fromEnv },
    capabilities: referenceCapabilities(memory.capabilities),
    maxUnconfirmed: 64,
    overrides: [...(memory.overrides ?? []), 'leaseMs', 'timeoutMs', 'credentials'],
    create({ leaseMs = LEASE_MS, timeoutMs, credentials, ...options }) {
      const { namespace } = options;
      const patience = timeoutMs === undefined ? {} : { timeoutMs };
      const backend = make({ broker: memory.create(options), link, namespace, leaseMs, ...patience });
      return credentials === 'wrong' ? refused(backend) : backend;
    },
    faults: {
      restartBroker: outage,
      killBroker: outage,
      proxy: link,
      writes: link,
      stallKey: (_, key) => link.stallKey(key),
      closeConnections: () => link.closeConnections(),
    },
    inspect: {
      ...memory.inspect,
      async stored(namespace, key) {
        const bodies = (await memory.inspect?.stored?.(namespace, key)) ?? [];
        return bodies.map((bytes) => bytesOf(decodePayload(bytes)));
      },
      connections: async (namespace) =>
        link.connections.filter((connection) => connection.namespace === namespace).length,
    },
    async injectRaw(namespace, key, bytes) {
      const broker = memory.create({ namespace });
      await broker.publish(key, toBody(bytes));
      await broker.close();
    },
    notApplicable: {},
  };
}

/** A backend whose broker refuses the credentials. */
function refused(backend: QueueBackend): QueueBackend {
  const reject = (): Promise<never> => {
    const rejection = Promise.reject(new AuthenticationError('the broker refuses the credentials'));
    rejection.catch(() => {});
    return rejection;
  };
  return wrapBackend(backend, {
    publish: reject,
    consume: ((options) =>
      wrapSubscription(backend.consume(options), { ready: reject(), next: reject })) as QueueBackend['consume'],
    health: async () => ({ status: 'down', detail: { authenticated: false } }),
  });
}
