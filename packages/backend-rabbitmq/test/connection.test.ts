import { createFaultProxy } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { expect, onTestFinished, test } from 'vitest';
import { RabbitMQConnection } from '../src/connection.ts';
import { resolveOptions } from '../src/options.ts';

describeWithBroker('rabbitmq', (broker) => {
  test('waits for a RabbitMQ that answers later than a short heartbeat', { timeout: 60_000 }, async () => {
    const proxy = await createFaultProxy({ target: { port: Number(new URL(broker.url).port) } });
    onTestFinished(() => proxy.close());
    proxy.delay(800);
    const options = resolveOptions({ url: `amqp://127.0.0.1:${proxy.port}`, heartbeatMs: 1_000 });
    const connection = new RabbitMQConnection(options, 'publish');
    onTestFinished(() => connection.close());
    expect((await connection.open()).isOpen).toBe(true);
  });
});
