import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueuedMessage } from '@modelcontextprotocol/sdk/experimental/tasks';
import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { namespace, waitFor } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { installPythonPackages, NoPythonError } from '@slack-mcp/test-support';
import { idsOf, timestamp } from '@slack-mcp/test-support/task-queue';
import { connect } from 'amqplib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openQueue } from './fresh-tasks.ts';
import { type PythonPeer, startPythonPeer } from './python-peer.ts';

const REQUIREMENTS = ['rabbitmq-mcp-task-queue==0.1.0', 'mcp>=1.25,<2'];

/** Every kind of message that the Python package knows. */
const MESSAGES: QueuedMessage[] = [
  {
    type: 'request',
    message: { jsonrpc: '2.0', id: 7, method: 'elicitation/create', params: { message: 'Größe ✓ 😀', nothing: null } },
    timestamp,
  },
  { type: 'request', message: { jsonrpc: '2.0', id: 'req-8', method: 'sampling/createMessage' }, timestamp },
  {
    type: 'notification',
    message: { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'hello' } },
    timestamp,
  },
  { type: 'notification', message: { jsonrpc: '2.0', method: 'notifications/initialized' }, timestamp },
];

const idOf = ({ message }: QueuedMessage): unknown => ('id' in message ? message.id : null);

describeWithBroker('rabbitmq', ({ url }) => {
  describe('the Python package', async () => {
    const packages = await installPythonPackages('rabbitmq-mcp-task-queue-0.1.0', REQUIREMENTS).catch((error) => {
      // Where the package is required, its absence is a failure.
      if (!(error instanceof NoPythonError) || process.env['PYTHON_CLIENTS'] === 'required') throw error;
      process.stderr.write(`\n!! SKIPPED the Python package rabbitmq-mcp-task-queue: ${error.message}\n`);
      return undefined;
    });

    async function startPeer(): Promise<PythonPeer> {
      const peer = await startPythonPeer(packages as string, url);
      onTestFinished(() => peer.stop());
      return peer;
    }

    test.skipIf(packages === undefined)('takes what this package queues', async () => {
      const peer = await startPeer();
      const task = namespace('python');
      const queue = openQueue({ url, prefix: '' });
      for (const message of MESSAGES) await queue.enqueue(task, message);
      expect(await peer.run('is_empty', task)).toBe(false);
      expect(await peer.run('peek', task)).toMatchObject({ type: 'request', original_request_id: 7 });
      for (const message of MESSAGES) {
        const { params = undefined, ...others } = message.message as Record<string, unknown>;
        expect(await peer.run('dequeue', task)).toEqual({
          type: message.type,
          message: { ...others, ...(params !== undefined && { params: expect.objectContaining({}) }) },
          timestamp,
          original_request_id: idOf(message),
        });
      }
      expect(await peer.run('dequeue', task)).toBeNull();
      for (const message of MESSAGES) await queue.enqueue(task, message, undefined, 10);
      expect(await peer.run('clear', task)).toHaveLength(MESSAGES.length);
      expect(await queue.dequeueAll(task)).toEqual([]);
      expect(await peer.run('is_empty', task)).toBe(true);
      await queue.dequeueAll(task);
    });

    test.skipIf(packages === undefined)('queues what this package takes, and wakes it', async () => {
      const peer = await startPeer();
      const task = namespace('python');
      const queue = openQueue({ url, prefix: '' });
      const waiting = queue.waitForMessage(task);
      for (const message of MESSAGES) {
        await peer.run('enqueue', task, {
          ...message,
          timestamp: '2026-01-02T03:04:05.678901+00:00',
          original_request_id: idOf(message),
        });
      }
      expect(await waiting).toBe(true);
      // The Python package does not wait until RabbitMQ has stored a message.
      await waitFor('all messages to be stored', async () => (await queue.size(task)) === MESSAGES.length);
      expect(await queue.peek(task)).toEqual(MESSAGES[0]);
      expect(await queue.dequeue(task)).toEqual(MESSAGES[0]);
      expect(await queue.dequeueAll(task)).toEqual(MESSAGES.slice(1));
    });
  });

  const samples = join(import.meta.dirname, '../../../../../shared/reference/python-task-queue-wire.json');

  test.skipIf(!existsSync(samples))('reads the stored bytes of the Python package', async () => {
    const { messages } = JSON.parse(readFileSync(samples, 'utf8')) as {
      messages: { queued_message_type: string; amqp: { body_base64: string } }[];
    };
    const task = namespace('samples');
    const name = `mcp:queue:${task}`;
    const connection = await connect(url);
    onTestFinished(() => connection.close());
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue(name, { durable: true });
    for (const { amqp } of messages) channel.sendToQueue(name, Buffer.from(amqp.body_base64, 'base64'));
    await channel.waitForConfirms();
    const read = await openQueue({ url, prefix: '' }).dequeueAll(task);
    expect(read.map(({ type }) => type)).toEqual(messages.map((message) => message.queued_message_type));
    for (const { message } of read) expect(JSONRPCMessageSchema.parse(message)).toEqual(message);
    expect(idsOf(read)).toContain('req-8');
  });
});
