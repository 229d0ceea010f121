import { createFaultProxy, leaseBroker, openFaultPath, startKafka } from '@slack-mcp/brokers';
import type { ConformanceHarness } from '@slack-mcp/conformance';
import { KafkaBackend, type KafkaBackendOptions, type RetryMode } from '../src/index.ts';
import { KafkaInspector } from './kafka-inspector.ts';
import { SHORT_SESSIONS } from './sasl-listener.ts';

/** Short, so that the messages of a killed consumer are soon available to others. */
const LEASE_MS = 2_000;
/** More than the messages that a property leaves in flight beside others that must move on. */
const PARTITIONS = 12;

export interface HarnessOptions {
  /** See `StartKafkaOptions.version`. */
  readonly brokerVersion?: string | undefined;
  /** Port for `leaseBroker`: the broker is shared, and there are no faults. */
  readonly brokersPort?: number | undefined;
  /** See `KafkaBackendOptions.retryMode`. */
  readonly retryMode?: RetryMode;
}

/** The harness with which the conformance suite runs the Kafka backend, with its own Kafka behind a proxy. */
export async function createHarness({
  brokerVersion,
  brokersPort,
  retryMode = 'block',
}: HarnessOptions = {}): Promise<ConformanceHarness> {
  const { url: address, harnessUrl, faults, dispose } = await openKafka(brokerVersion, brokersPort);
  const inspector = new KafkaInspector(harnessUrl);
  const settings = (namespace: string): KafkaBackendOptions => ({
    brokers: [address],
    username: 'app',
    password: 'app-secret',
    prefix: `${namespace}.`,
    leaseMs: LEASE_MS,
    partitions: PARTITIONS,
    retryMode,
  });
  return {
    name: 'kafka',
    Backend: KafkaBackend,
    capabilities: new KafkaBackend({ brokers: [address] }).capabilities,
    overrides: ['leaseMs', 'maxDeliveries', 'timeoutMs', 'credentials'],
    create({ namespace, credentials, ...overrides }) {
      return new KafkaBackend({
        ...settings(namespace),
        ...overrides,
        ...(credentials === undefined ? {} : { password: 'wrong' }),
      });
    },
    envFor: (namespace, { maxDeliveries } = {}) => ({
      KAFKA_BOOTSTRAP_SERVERS: address,
      KAFKA_USERNAME: 'app',
      KAFKA_PASSWORD: 'app-secret',
      KAFKA_PREFIX: `${namespace}.`,
      KAFKA_LEASE_MS: String(LEASE_MS),
      KAFKA_PARTITIONS: String(PARTITIONS),
      KAFKA_RETRY_MODE: retryMode,
      ...(maxDeliveries === undefined ? {} : { KAFKA_MAX_DELIVERIES: String(maxDeliveries) }),
    }),
    destroy: (namespace) => inspector.wipe(`${namespace}.`),
    maxUnconfirmed: 512,
    maxMembers: PARTITIONS,
    invalidEnv: [
      { env: { KAFKA_BOOTSTRAP_SERVERS: undefined }, variable: 'KAFKA_BOOTSTRAP_SERVERS' },
      {
        env: { KAFKA_BOOTSTRAP_SERVERS: 'user:hunter2@localhost' },
        variable: 'KAFKA_BOOTSTRAP_SERVERS',
        secret: 'hunter2',
      },
      { env: { KAFKA_TLS: 'maybe' }, variable: 'KAFKA_TLS' },
      { env: { KAFKA_TIMEOUT_MS: '0' }, variable: 'KAFKA_TIMEOUT_MS' },
      { env: { KAFKA_PREFIX: 'a:b' }, variable: 'KAFKA_PREFIX' },
      { env: { KAFKA_PARTITIONS: '0' }, variable: 'KAFKA_PARTITIONS' },
      { env: { KAFKA_SASL_MECHANISM: 'gssapi' }, variable: 'KAFKA_SASL_MECHANISM' },
      { env: { KAFKA_RETRY_MODE: 'drop' }, variable: 'KAFKA_RETRY_MODE' },
      { env: { KAFKA_TLS_CERT: '/etc/ssl/client.pem' }, variable: 'KAFKA_TLS_KEY' },
    ],
    ...(faults === undefined
      ? {}
      : { faults: { ...faults, wipe: (namespace: string) => inspector.wipe(`${namespace}.`) } }),
    inspect: {
      depth: (namespace, group) => inspector.depth(`${namespace}.`, group),
      stored: (namespace, key) => inspector.stored(`${namespace}.${key}`),
      objects: (namespace) => inspector.groups(`${namespace}.`),
    },
    notApplicable: {
      'flow.prefetch': SHARED_PARTITION,
      'flow.prefetch-buffer': SHARED_PARTITION,
      'flow.prefetch-keys': SHARED_PARTITION,
      'network.publish-lanes': 'a single test broker stores all keys',
    },
    spawnConsumer: {
      module: new URL('../src/index.ts', import.meta.url).href,
      execArgv: ['--conditions=@slack-mcp/source'],
    },
    injectRaw: (namespace, key, bytes) => inspector.store(`${namespace}.${key}`, bytes),
    async dispose() {
      await inspector.close();
      await dispose();
    },
  };
}

const SHARED_PARTITION = 'each partition has one reader, so later messages wait for a slow consumer';

/** The broker of a harness. */
interface HarnessKafka {
  readonly url: string;
  readonly harnessUrl: string;
  /** `undefined` if the broker is shared. */
  readonly faults?: Omit<NonNullable<ConformanceHarness['faults']>, 'wipe'>;
  dispose(): Promise<void>;
}

async function openKafka(version: string | undefined, brokersPort: number | undefined): Promise<HarnessKafka> {
  if (brokersPort !== undefined) {
    const { url, harnessUrl = url, dispose } = await leaseBroker(brokersPort, 'kafka', { properties: SHORT_SESSIONS });
    return { url, harnessUrl, dispose };
  }
  const proxy = await createFaultProxy({ target: { port: 1 } });
  const broker = await startKafka({ proxy, version, properties: SHORT_SESSIONS });
  const path = await openFaultPath(broker, proxy);
  return {
    url: `127.0.0.1:${proxy.port}`,
    harnessUrl: broker.harnessUrl,
    faults: {
      restartBroker: () => broker.restart(),
      async killBroker() {
        await broker.kill();
        await broker.restart();
      },
      async closeConnections() {
        proxy.reset();
      },
      proxy: path.faults,
    },
    async dispose() {
      await path.close();
      await broker.dispose();
    },
  };
}
