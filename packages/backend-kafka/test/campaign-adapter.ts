import { createFaultProxy, startKafka } from '@slack-mcp/brokers';
import { type CampaignAdapter, contractDuplicateBound } from '@slack-mcp/campaign';
import { KafkaInspector } from './kafka-inspector.ts';

/** The adapter with which a campaign runs the Kafka backend. */
export function createCampaignAdapter(): CampaignAdapter {
  return {
    name: 'kafka',
    module: new URL('../src/index.ts', import.meta.url).href,
    async start({ brokerVersion }) {
      const proxy = await createFaultProxy({ target: { port: 1 } });
      const broker = await startKafka({
        proxy,
        version: brokerVersion,
        properties: ['group.min.session.timeout.ms=100'],
      });
      const inspector = new KafkaInspector(broker.harnessUrl);
      return {
        broker,
        proxy,
        env: { KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${proxy.port}`, KAFKA_LEASE_MS: '3000', KAFKA_PARTITIONS: '12' },
        // A kill of the process leaves what the broker has written to the page cache.
        lossWindowMs: 0,
        // A publisher that dies without an answer has no memory of what Kafka may have stored: its successor stores the
        // messages again.
        duplicateBound: (disruption) =>
          disruption.kind === 'ambiguous-publish'
            ? disruption.times * disruption.groups
            : contractDuplicateBound(disruption),
        async owed(keys, groups) {
          const depths = keys.flatMap((key) =>
            groups.flatMap((group) => [
              inspector.depthOf(key, group),
              inspector.depthOf(`${key}.${group}.again`, group),
            ]),
          );
          return (await Promise.all(depths)).reduce((sum, depth) => sum + depth, 0);
        },
        async dispose() {
          await inspector.close();
          await proxy.close();
          await broker.dispose();
        },
      };
    },
  };
}
