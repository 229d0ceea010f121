import { leaseBroker, openFaultPath, RabbitMQManagement, startRabbitMQ } from '@slack-mcp/brokers';
import type { ConformanceHarness } from '@slack-mcp/conformance';
import { connect } from 'amqplib';
import { RabbitMQBackend, type RabbitMQBackendOptions } from '../src/index.ts';

/** Short, so that both sides soon notice a silent connection. */
const HEARTBEAT_MS = 2_000;

/** RabbitMQ writes its statistics often enough for the deadlines of the suite. */
const STATISTICS = {
  configuration: ['collect_statistics_interval = 1000'],
  advanced: ['{rabbit, [{quorum_tick_interval, 500}]}'],
} as const;

interface QueueState {
  readonly name: string;
  readonly messages_ready?: number;
  readonly messages_unacknowledged?: number;
}

export interface HarnessOptions {
  /** See `StartRabbitMQOptions.version`. */
  readonly brokerVersion?: string | undefined;
  /** Port for `leaseBroker`: the broker is shared, and there are no faults. */
  readonly brokersPort?: number | undefined;
}

/** The harness with which the conformance suite runs the RabbitMQ backend, with its own RabbitMQ behind a proxy. */
export async function createHarness({ brokerVersion, brokersPort }: HarnessOptions = {}): Promise<ConformanceHarness> {
  const broker = await openRabbitMQ(brokerVersion, brokersPort);
  const { url, management, faults } = broker;
  const settings = (namespace: string): RabbitMQBackendOptions => ({
    url,
    prefix: `${namespace}:`,
    heartbeatMs: HEARTBEAT_MS,
  });
  const queuesOf = async (namespace: string): Promise<QueueState[]> => {
    const all = (await management.request('GET', 'queues?disable_stats=true&enable_queue_totals=true')) as QueueState[];
    return all.filter(({ name }) => name.startsWith(`${namespace}:`) && !name.includes(':flush:'));
  };
  const ofGroup = async (namespace: string, group: string): Promise<QueueState[]> => {
    const queues = await queuesOf(namespace);
    return queues.filter(
      ({ name }) => name.startsWith(`${namespace}:${group}:`) && !name.startsWith(`${namespace}:${group}::`),
    );
  };
  const wipe = async (namespace: string): Promise<void> => {
    const queues = await queuesOf(namespace);
    const exchanges = (await management.request('GET', 'exchanges')) as { name: string }[];
    const remove = (kind: string, name: string): Promise<unknown> =>
      management.request('DELETE', `${kind}/%2F/${encodeURIComponent(name)}`).catch(() => {});
    await Promise.all(queues.map(({ name }) => remove('queues', name)));
    const own = exchanges.filter(({ name }) => name.startsWith(`${namespace}:`));
    await Promise.all(own.map(({ name }) => remove('exchanges', name)));
  };
  return {
    name: 'rabbitmq',
    Backend: RabbitMQBackend,
    capabilities: new RabbitMQBackend({ url }).capabilities,
    overrides: ['maxBacklog', 'leaseMs', 'maxDeliveries', 'timeoutMs', 'credentials'],
    create({ namespace, credentials, maxBacklog, leaseMs, ...overrides }) {
      const { maxLength: _, ...others } = overrides;
      return new RabbitMQBackend({
        ...settings(namespace),
        ...others,
        ...(maxBacklog === undefined ? {} : { maxLength: maxBacklog }),
        ...(leaseMs === undefined ? {} : { heartbeatMs: Math.max(1_000, leaseMs) }),
        ...(credentials === undefined ? {} : { username: 'nobody', password: 'wrong' }),
      });
    },
    envFor: (namespace, { maxDeliveries } = {}) => ({
      RABBITMQ_URL: url,
      RABBITMQ_PREFIX: `${namespace}:`,
      RABBITMQ_HEARTBEAT_MS: String(HEARTBEAT_MS),
      ...(maxDeliveries === undefined ? {} : { RABBITMQ_MAX_DELIVERIES: String(maxDeliveries) }),
    }),
    destroy: wipe,
    maxUnconfirmed: 32 * 8,
    invalidEnv: [
      { env: { RABBITMQ_URL: 'http://user:hunter2@localhost' }, variable: 'RABBITMQ_URL', secret: 'hunter2' },
      { env: { RABBITMQ_URL: 'amqp://user:hunter2@localhost/a?b=c' }, variable: 'RABBITMQ_URL', secret: 'hunter2' },
      { env: { RABBITMQ_TLS: 'maybe' }, variable: 'RABBITMQ_TLS' },
      { env: { RABBITMQ_TIMEOUT_MS: '0' }, variable: 'RABBITMQ_TIMEOUT_MS' },
      { env: { RABBITMQ_PREFIX: '{tag}' }, variable: 'RABBITMQ_PREFIX' },
      { env: { RABBITMQ_MAX_LENGTH: '0' }, variable: 'RABBITMQ_MAX_LENGTH' },
      { env: { RABBITMQ_HOSTS: 'amqp://host' }, variable: 'RABBITMQ_HOSTS' },
      { env: { RABBITMQ_QUEUE_TYPE: 'stream' }, variable: 'RABBITMQ_QUEUE_TYPE' },
      { env: { RABBITMQ_DURABLE: 'false', RABBITMQ_QUEUE_TYPE: 'quorum' }, variable: 'RABBITMQ_QUEUE_TYPE' },
      { env: { RABBITMQ_DURABLE: 'sometimes' }, variable: 'RABBITMQ_DURABLE' },
      { env: { RABBITMQ_MESSAGE_TTL: '0' }, variable: 'RABBITMQ_MESSAGE_TTL' },
      { env: { RABBITMQ_EXCHANGE: 'amq.topic' }, variable: 'RABBITMQ_EXCHANGE' },
      { env: { RABBITMQ_TLS_CERT: '/nowhere.pem' }, variable: 'RABBITMQ_TLS_KEY' },
    ],
    ...(faults === undefined ? {} : { faults: { ...faults, wipe } }),
    inspect: {
      async pending(namespace, group) {
        const queues = await ofGroup(namespace, group);
        return queues.reduce((sum, { messages_unacknowledged: unsettled = 0 }) => sum + unsettled, 0);
      },
      async depth(namespace, group) {
        const names = (await ofGroup(namespace, group)).map(({ name }) => name);
        // Unlike the statistics, the answer to a declaration is current. It has no unacknowledged messages.
        const connection = await connect(broker.harnessUrl);
        const channel = await connection.createChannel();
        let depth = 0;
        for (const name of names) depth += (await channel.checkQueue(name)).messageCount;
        await connection.close();
        return depth;
      },
      async objects(namespace) {
        return (await queuesOf(namespace)).map(({ name }) => name).sort();
      },
      ...(broker.connections === undefined ? {} : { connections: broker.connections }),
    },
    notApplicable: {
      'network.publish-lanes': 'the test server is a single node, so no key can be on another node',
      'network.settle-refused': 'RabbitMQ never refuses a settlement',
      'flow.owed-survives-trimming': 'no history is kept, so nothing is trimmed',
      'flow.history-bounded': 'no history is kept',
      'flow.unsettled-survives-trimming': 'no history is kept, so nothing is trimmed',
    },
    spawnConsumer: {
      module: new URL('../src/index.ts', import.meta.url).href,
      execArgv: ['--conditions=@slack-mcp/source'],
    },
    async injectRaw(namespace, key, bytes) {
      await management.request('POST', `exchanges/%2F/${encodeURIComponent(`${namespace}:slack_events`)}/publish`, {
        properties: { delivery_mode: 2 },
        routing_key: key,
        payload: Buffer.from(bytes).toString('base64'),
        payload_encoding: 'base64',
      });
    },
    dispose: broker.dispose,
  };
}

/** The broker of a harness. */
interface HarnessRabbitMQ {
  readonly url: string;
  /** The address without a proxy. */
  readonly harnessUrl: string;
  readonly management: RabbitMQManagement;
  /** `undefined` if the broker is shared. */
  readonly faults?: Omit<NonNullable<ConformanceHarness['faults']>, 'wipe'>;
  /** `undefined` if the broker is shared. */
  connections?(namespace: string): Promise<number>;
  dispose(): Promise<void>;
}

async function openRabbitMQ(version: string | undefined, brokersPort: number | undefined): Promise<HarnessRabbitMQ> {
  if (brokersPort !== undefined) {
    const { url, managementUrl = '', dispose } = await leaseBroker(brokersPort, 'rabbitmq', STATISTICS);
    return { url, harnessUrl: url, management: new RabbitMQManagement(managementUrl), dispose };
  }
  const broker = await startRabbitMQ({ version, ...STATISTICS });
  const path = await openFaultPath(broker);
  const { management } = broker;
  return {
    ...{ url: `amqp://127.0.0.1:${path.proxy.port}`, harnessUrl: broker.url, management },
    faults: {
      restartBroker: () => broker.restart(),
      async killBroker() {
        await broker.kill();
        await broker.restart();
      },
      closeConnections: () => management.closeConnections('/'),
      proxy: path.faults,
    },
    async connections(namespace) {
      // The management API learns of a connection only later.
      const open = 'Each || Each <- rabbit_networking:connection_info_all([client_properties])';
      const text = 'lists:flatten(io_lib:format("~0p", [Each]))';
      return Number(
        await broker.evaluate(`length([${open}, string:find(${text}, "slack-mcp:${namespace}:") =/= nomatch])`),
      );
    },
    async dispose() {
      await path.close();
      await broker.dispose();
    },
  };
}
