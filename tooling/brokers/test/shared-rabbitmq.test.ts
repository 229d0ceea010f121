import { connect } from 'amqplib';
import { expect, test } from 'vitest';
import { namespace, RabbitMQManagement } from '../src/index.ts';
import { describeWithBroker } from '../src/vitest.ts';

describeWithBroker('rabbitmq', (broker) => {
  test.skipIf(broker.managementUrl === undefined)('isolates a test file in its virtual host', async () => {
    const management = new RabbitMQManagement(broker.managementUrl as string);
    const [mine, other] = [namespace(), namespace()];
    for (const name of [mine, other]) await management.createVirtualHost(name);

    const connection = await connect(`${broker.url}/${mine}`);
    let closed = false;
    connection.on('error', () => undefined);
    connection.on('close', () => {
      closed = true;
    });
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue('queue', { durable: true });
    channel.sendToQueue('queue', Buffer.from('mine'));
    await channel.waitForConfirms();

    const elsewhere = await connect(`${broker.url}/${other}`);
    const stranger = await elsewhere.createChannel();
    stranger.on('error', () => undefined);
    await expect(stranger.checkQueue('queue')).rejects.toThrow(/404/);
    expect(await channel.checkQueue('queue')).toMatchObject({ messageCount: 1 });
    await elsewhere.close();
    expect(closed).toBe(false);
    await connection.close();

    for (const name of [mine, other]) await management.deleteVirtualHost(name);
    await expect(connect(`${broker.url}/${mine}`)).rejects.toThrow();
  });
});
