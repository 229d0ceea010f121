import { createFaultProxy, startRabbitMQ } from '@slack-mcp/brokers';
import { type CampaignAdapter, contractDuplicateBound } from '@slack-mcp/campaign';

interface QueueState {
  readonly name: string;
  readonly messages?: number;
}

/** The adapter with which a campaign runs the RabbitMQ backend. */
export function createCampaignAdapter(): CampaignAdapter {
  return {
    name: 'rabbitmq',
    module: new URL('../src/index.ts', import.meta.url).href,
    async start({ brokerVersion }) {
      const broker = await startRabbitMQ({
        version: brokerVersion,
        configuration: ['collect_statistics_interval = 1000'],
        advanced: ['{rabbit, [{quorum_tick_interval, 500}]}'],
      });
      const proxy = await createFaultProxy({ target: broker });
      return {
        broker,
        proxy,
        env: { RABBITMQ_URL: `amqp://127.0.0.1:${proxy.port}`, RABBITMQ_HEARTBEAT_MS: '2000' },
        // A quorum queue has each confirmed message on disk.
        lossWindowMs: 0,
        duplicateBound: contractDuplicateBound,
        async owed(keys, groups) {
          const path = 'queues?disable_stats=true&enable_queue_totals=true';
          const queues = (await broker.management.request('GET', path)) as QueueState[];
          const names = new Set(keys.flatMap((key) => groups.map((group) => `${group}:${key}`)));
          const delayed = (name: string): boolean => name.includes(':delays:');
          return queues
            .filter(({ name }) => names.has(name) || delayed(name))
            .reduce((sum, { messages = 0 }) => sum + messages, 0);
        },
        async dispose() {
          await proxy.close();
          await broker.dispose();
        },
      };
    },
  };
}
