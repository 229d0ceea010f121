import { startRabbitMQ } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { expect, test } from 'vitest';
import { freshBackend, KEY } from './fresh-backend.ts';

const GROUP = 'workers';

describeWithOwnBroker(
  'a RabbitMQ without transient queues',
  // The first version that can refuse them is 3.13.
  () =>
    startRabbitMQ({ version: '4.3', configuration: ['deprecated_features.permit.transient_nonexcl_queues = false'] }),
  (broker) => {
    test('reports that it permits durable queues only', async () => {
      const backend = freshBackend({ url: broker.url, groups: [GROUP], durable: false });
      const refusal = {
        code: 'ERR_QUEUE_CONFIG',
        retryable: false,
        message: expect.stringMatching(/unset RABBITMQ_DURABLE if it is false/),
      };
      await expect(backend.publish(KEY, {}, { timeoutMs: 15_000 })).rejects.toMatchObject(refusal);
      await expect(backend.consume({ group: GROUP }).ready).rejects.toMatchObject(refusal);
    });
  },
);
