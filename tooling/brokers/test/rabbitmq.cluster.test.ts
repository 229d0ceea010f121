import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { afterEach, expect, test } from 'vitest';
import { namespace, type RabbitMQClusterNode, startRabbitMQCluster, waitFor } from '../src/index.ts';
import { describeWithOwnBroker } from '../src/vitest.ts';

describeWithOwnBroker(
  'a rabbitmq cluster',
  () => startRabbitMQCluster(),
  (cluster) => {
    const connections: ChannelModel[] = [];
    afterEach(async () => {
      await Promise.allSettled(connections.splice(0).map((connection) => connection.close()));
    });
    const open = async (node: RabbitMQClusterNode): Promise<ConfirmChannel> => {
      const connection = await connect(node.url, { timeout: 5_000 });
      connection.on('error', () => undefined);
      connections.push(connection);
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => undefined);
      return channel;
    };
    /** Declares a quorum queue with a message. */
    const declare = async (): Promise<{ queue: string; leader: RabbitMQClusterNode }> => {
      const queue = namespace('queue');
      const channel = await open(cluster.nodes[0] as RabbitMQClusterNode);
      await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      await publish(cluster.nodes[0] as RabbitMQClusterNode, queue, 'before');
      return { queue, leader: await cluster.nodeOf(queue) };
    };
    /** Repeats the publish, because older versions nack during an election. */
    const publish = async (node: RabbitMQClusterNode, queue: string, text: string): Promise<void> => {
      await waitFor('a confirm', async () => {
        const channel = await open(node);
        channel.sendToQueue(queue, Buffer.from(text), { persistent: true });
        await channel.waitForConfirms();
        return true;
      });
    };
    const survivor = (leader: RabbitMQClusterNode): RabbitMQClusterNode =>
      cluster.nodes.find((node) => node !== leader) as RabbitMQClusterNode;
    const messages = async (node: RabbitMQClusterNode, queue: string): Promise<string[]> => {
      const channel = await open(node);
      const found: string[] = [];
      for (let message = await channel.get(queue); message !== false; message = await channel.get(queue)) {
        found.push(message.content.toString());
      }
      return found;
    };

    test('has three members of a quorum queue', async ({ annotate }) => {
      await annotate(`rabbitmq ${cluster.version} (${cluster.source})`);
      const { queue, leader } = await declare();
      const state = await leader.management.request('GET', `queues/%2F/${queue}`);
      expect(state).toMatchObject({ type: 'quorum', members: { length: 3 }, online: { length: 3 } });
    });

    test('keeps confirmed messages when the leader is killed, and accepts it again', { timeout: 180_000 }, async () => {
      const { queue, leader } = await declare();
      await leader.kill();
      await publish(survivor(leader), queue, 'after');
      // The management API lags.
      await waitFor('another leader', async () => (await cluster.nodeOf(queue)) !== leader);
      await leader.restart();
      await cluster.untilWhole();
      expect(await messages(leader, queue)).toEqual(['before', 'after']);
    });

    test('continues without a leader that is paused beyond the net tick, and heals', { timeout: 180_000 }, async () => {
      const { queue, leader } = await declare();
      await leader.pause();
      await cluster.untilMissed(leader);
      await publish(survivor(leader), queue, 'during');
      await leader.resume();
      await cluster.untilWhole();
      expect(await messages(leader, queue)).toEqual(['before', 'during']);
    });

    test('disconnects the clients of one node', async () => {
      const [node, other] = cluster.nodes as [RabbitMQClusterNode, RabbitMQClusterNode];
      const connection = await connect(node.url);
      connection.on('error', () => undefined);
      let closed = false;
      connection.on('close', () => {
        closed = true;
      });
      node.proxy.refuse();
      node.proxy.reset();
      await waitFor('the connection to close', () => closed);
      await expect(connect(node.url)).rejects.toThrow(/ECONNREFUSED/);
      await (await connect(other.url)).close();
      await node.proxy.heal();
      await (await connect(node.url)).close();
    });
  },
);
