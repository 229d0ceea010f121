import { type ChannelModel, connect } from 'amqplib';
import { afterAll, expect, test } from 'vitest';
import { createFaultProxy, namespace, readEnvironment, startRabbitMQ, waitFor } from '../src/index.ts';
import { satisfies } from '../src/version.ts';
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

    test('starts the requested version', ({ annotate }) => {
      expect(broker.version).toSatisfy((version) => satisfies(version, readEnvironment().versions.rabbitmq ?? '4'));
      return annotate(`rabbitmq ${broker.version} is up after ${broker.startupMs} ms (${broker.source})`);
    });

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

    test('isolates virtual hosts', async () => {
      const url = await broker.createVirtualHost(namespace('a/b'));
      const channel = await (await client(url)).createChannel();
      await channel.assertQueue('apart');
      const elsewhere = await (await client()).createChannel();
      elsewhere.on('error', () => undefined);
      await expect(elsewhere.checkQueue('apart')).rejects.toThrow(/404/);
    });

    test('closes the connections of one virtual host', async () => {
      const host = namespace('near');
      const near = await client(await broker.createVirtualHost(host));
      const far = await client(await broker.createVirtualHost(namespace('far')));
      const ends: string[] = [];
      near.on('close', () => ends.push('near'));
      far.on('close', () => ends.push('far'));
      // The API lists a connection some time after it was opened.
      await waitFor('the connection to close', async () => {
        await broker.management.closeConnections(host);
        return ends.length > 0;
      });
      expect(ends).toEqual(['near']);
    });

    test('blocks its publishers while memory or disk run short', async () => {
      for (const resource of ['memory', 'disk'] as const) {
        const connection = await client();
        const said: string[] = [];
        connection.on('blocked', (reason) => said.push(String(reason)));
        connection.on('unblocked', () => said.push('unblocked'));
        const channel = await connection.createConfirmChannel();
        await channel.assertQueue(`short-of-${resource}`, { durable: true });
        await broker.alarms.raise(resource);
        let confirmed = false;
        channel.sendToQueue(`short-of-${resource}`, Buffer.from('late'), {}, () => {
          confirmed = true;
        });
        await waitFor('the publisher to be blocked', () => said.length > 0);
        expect(said.join()).toMatch(`low on ${resource}`);
        expect(confirmed).toBe(false);
        await broker.alarms.clear(resource);
        await waitFor('the confirm', () => confirmed);
        expect(said.at(-1)).toBe('unblocked');
      }
    });

    test('grants a user its permissions', async () => {
      await broker.createVirtualHost('rights');
      await broker.management.createUser('reader', 'pass/word', 'rights', { read: '^mine$' });
      const url = `amqp://reader:${encodeURIComponent('pass/word')}@127.0.0.1:${broker.port}`;
      await expect(client(`${url}/%2F`)).rejects.toThrow(/ConnectionClose/);
      const channel = await (await client(`${url}/rights`)).createChannel();
      channel.on('error', () => undefined);
      await expect(channel.assertQueue('mine', {})).rejects.toThrow(/403.*access to queue 'mine'/);
    });

    test('keeps connections and does not respond while paused', async () => {
      const channel = await (await client()).createConfirmChannel();
      await channel.assertQueue('paused', { durable: true });
      await broker.pause();
      let confirmed = false;
      channel.sendToQueue('paused', Buffer.from('late'), { persistent: true }, () => {
        confirmed = true;
      });
      const stranger = connect(broker.url, { timeout: 300 });
      await expect(stranger).rejects.toThrow(/ETIMEDOUT/);
      expect(confirmed).toBe(false);
      await broker.resume();
      await waitFor('the confirm', () => confirmed);
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

    test('confirms nothing during a blackhole, and delayed messages after it', async () => {
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
