import { type ChannelModel, connect } from 'amqplib';
import { afterAll, expect, test } from 'vitest';
import { createFaultProxy, namespace, startRabbitMQ, waitFor } from '../src/index.ts';
import { describeWithOwnBroker } from '../src/vitest.ts';

describeWithOwnBroker(
  'rabbitmq under faults',
  () => startRabbitMQ(),
  (broker) => {
    const connections = new Set<ChannelModel>();
    const client = async (url = broker.url): Promise<ChannelModel> => {
      const connection = await connect(url, { noDelay: true });
      connection.on('error', () => undefined);
      connections.add(connection);
      connection.on('close', () => connections.delete(connection));
      return connection;
    };
    const publish = async (queue: string, content: string): Promise<void> => {
      const channel = await (await client()).createConfirmChannel();
      await channel.assertQueue(queue, { durable: true });
      channel.sendToQueue(queue, Buffer.from(content), { persistent: true });
      await channel.waitForConfirms();
    };
    const get = async (queue: string): Promise<string | undefined> => {
      const channel = await (await client()).createChannel();
      const message = await channel.get(queue, { noAck: true });
      return message === false ? undefined : message.content.toString();
    };
    afterAll(async () => {
      await Promise.all([...connections].map((connection) => connection.close()));
    });

    test('is up', ({ annotate }) => annotate(`rabbitmq is up after ${broker.startupMs} ms (${broker.source})`));

    test('keeps a confirmed message through SIGKILL and restart, on the same port', async () => {
      await publish('survives', 'once');
      const { pid } = broker;
      await broker.kill();
      expect(broker.pid).toBeUndefined();
      await expect(client()).rejects.toThrow(/ECONNREFUSED/);
      await broker.restart();
      expect(broker.pid).not.toBe(pid);
      expect(await get('survives')).toBe('once');
    });

    test('keeps a confirmed message through a graceful stop', async () => {
      await publish('kept', 'yes');
      await broker.stop();
      await broker.restart();
      expect(await get('kept')).toBe('yes');
    });

    test('closes the connections of its clients', async () => {
      const connection = await client();
      let reason: Error | undefined;
      connection.on('close', (error) => {
        reason = error;
      });
      await broker.closeConnections();
      await waitFor('the connection to close', () => reason !== undefined);
      expect(reason?.message).toMatch(/320.*closed by a test/);
    });

    test('gives each its virtual host', async () => {
      const url = await broker.createVirtualHost(namespace('a/b'));
      const channel = await (await client(url)).createChannel();
      await channel.assertQueue('apart');
      const elsewhere = await (await client()).createChannel();
      elsewhere.on('error', () => undefined);
      await expect(elsewhere.checkQueue('apart')).rejects.toThrow(/404/);
    });

    test('is empty after a wipe', async () => {
      const channel = await (await client()).createChannel();
      await channel.assertExchange('gone', 'topic', { durable: true });
      await channel.assertQueue('gone/too', { durable: true });
      await broker.wipe();
      const queues = (await broker.management.request('GET', 'queues')) as unknown[];
      const exchanges = (await broker.management.request('GET', 'exchanges')) as { name: string }[];
      expect(queues).toEqual([]);
      expect(exchanges.filter(({ name }) => !/^(amq\..*)?$/.test(name))).toEqual([]);
    });

    test('confirms nothing through a blackhole, and what was held back after it', async () => {
      await using proxy = await createFaultProxy({ target: broker });
      const connection = await client(`amqp://127.0.0.1:${proxy.port}`);
      const channel = await connection.createConfirmChannel();
      await channel.assertQueue('beyond', { durable: true });
      proxy.blackhole();
      let confirmed = false;
      channel.sendToQueue('beyond', Buffer.from('late'), { persistent: true }, () => {
        confirmed = true;
      });
      expect(await get('beyond')).toBeUndefined();
      expect(confirmed).toBe(false);
      await proxy.heal();
      await channel.waitForConfirms();
      expect(await get('beyond')).toBe('late');
      await connection.close();
    });
  },
);
