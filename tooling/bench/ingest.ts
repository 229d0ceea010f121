import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startBroker } from '../brokers/src/index.ts';
import { type BenchOptions, wants } from './bench-options.ts';
import { compare, type Measurement } from './compare.ts';
import { createDetailRecorder, type Details } from './details.ts';
import type { LoadOrder, LoadResult } from './ingest/load.ts';
import { buildServer, SECRET, type Server, startOurs, startReference } from './ingest/servers.ts';

/** Connections that keep a server busy which does not wait. */
const CONNECTIONS = 50;
/**
 * Connections to a server that waits for a broker. Each event waits for the disk of the broker, mostly longer than for
 * a processor: with 50 connections, RabbitMQ and the processors are idle for a third of the time, and the rate shows
 * the speed of the disk.
 */
const BROKER_CONNECTIONS = 128;
/** The backends with a broker. */
const BROKERS = ['redis', 'kafka', 'rabbitmq'] as const;

/** Compares the webhook server, as its command creates it, with common alternatives, each in its own process. */
export async function* ingest(options: BenchOptions): AsyncGenerator<Measurement> {
  const { quick, rounds } = options;
  const requests = quick ? 2_000 : 30_000;
  await buildServer();
  const client = fork(fileURLToPath(new URL('ingest/load.ts', import.meta.url)));
  try {
    await using fastify = await startReference('fastify');
    await using bolt = await startReference('bolt');
    const against = { fastify, bolt };
    if (wants(options, 'ingest-memory')) {
      await using ours = await startOurs('memory');
      for (const reference of ['fastify', 'bolt'] as const) {
        yield await side({
          client,
          requests,
          rounds,
          metric: 'ingest-memory',
          connections: CONNECTIONS,
          ours,
          reference,
          theirs: against[reference],
        });
      }
    }
    for (const backend of BROKERS) {
      const metric = `ingest-${backend}`;
      if (!wants(options, metric)) continue;
      await using broker = await startBroker(backend);
      // RabbitMQ rejects what no group would receive. On the other backends, a group without consumers would keep every message.
      const groups = backend === 'rabbitmq' ? { QUEUE_GROUPS: 'workers' } : {};
      await using ours = await startOurs(backend, { ...broker.env, ...groups });
      yield await side({
        ...{ client, requests, rounds, metric, connections: BROKER_CONNECTIONS },
        ...{ ours, reference: 'bolt', theirs: bolt },
      });
    }
  } finally {
    client.kill();
  }
}

async function side(options: {
  client: ChildProcess;
  requests: number;
  rounds: number;
  metric: string;
  connections: number;
  ours: Server;
  reference: string;
  theirs: Server;
}): Promise<Measurement & Details> {
  const { client, requests, rounds, metric, connections, ours, reference, theirs } = options;
  const details = createDetailRecorder();
  const run = async (server: Server): Promise<number> => {
    const before = await server.usage();
    const { requestsPerSecond, p50Ms, p99Ms } = await load(client, {
      port: server.port,
      secret: SECRET,
      requests,
      connections,
    });
    const { cpuUs, rssMiB } = await server.usage();
    details.note(server === ours ? 'ours' : 'theirs', {
      ...{ p50Ms, p99Ms, rssMiB },
      cpuUs: (cpuUs - before.cpuUs) / requests,
    });
    return requestsPerSecond;
  };
  const measurement = await compare({
    bench: 'ingest',
    metric,
    reference,
    unit: 'requests/s',
    better: 'more',
    rounds,
    ours: () => run(ours),
    theirs: () => run(theirs),
  });
  return { ...measurement, ...details.medians() };
}

async function load(client: ChildProcess, order: LoadOrder): Promise<LoadResult> {
  client.send(order);
  const [result] = (await once(client, 'message')) as [LoadResult | { error: string }];
  if ('error' in result) throw new Error(result.error);
  return result;
}
