import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { startRabbitMQ } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import type { QueueError, QueueErrorCode } from '@slack-mcp/core';
import { connect } from 'amqplib';
import { expect, onTestFinished, test } from 'vitest';
import type { RabbitMQBackendOptions } from '../src/index.ts';
import { testFaults } from './faults.ts';
import { freshBackend, freshPrefix, KEY } from './fresh-backend.ts';

/** Publishing, consuming and `health()` must report the failure in the same way, without a secret. */
async function expectRefusal(
  options: RabbitMQBackendOptions,
  { code, retryable, says }: { code: QueueErrorCode; retryable: boolean; says: RegExp },
): Promise<void> {
  const backend = freshBackend({ retryDelayMs: 10, ...options });
  const publishing = backend.publish(KEY, { secret: 'payload-text' }, { timeoutMs: retryable ? 1_000 : 15_000 });
  const error: QueueError | undefined = await publishing.then(
    () => undefined,
    (reason: QueueError) => reason,
  );
  expect(error).toMatchObject({ code, retryable });
  expect(error?.message).toMatch(says);
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toMatch(/hunter2|payload-text/);
  const health = await backend.health();
  expect(health.status).toBe('down');
  expect(JSON.stringify(health)).not.toContain('hunter2');
  if (retryable) return;
  for (const group of ['workers', undefined]) {
    const subscription = backend.consume(group === undefined ? {} : { group });
    await expect(subscription.ready).rejects.toMatchObject({ code });
    await expect(subscription.next()).rejects.toMatchObject({ code });
  }
}

/** A port on which a server answers each connection with `answer`. */
async function answering(answer: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/**
 * A message limit below the default of the backend, so that RabbitMQ itself refuses a message, and the smallest frames
 * that RabbitMQ accepts. The same on all versions.
 */
const limited = (): ReturnType<typeof startRabbitMQ> =>
  startRabbitMQ({ configuration: ['max_message_size = 1048576', 'frame_max = 8192'] });

describeWithOwnBroker('errors of RabbitMQ', limited, (broker) => {
  const url = (user: string, vhost = ''): string => `amqp://${user}@127.0.0.1:${broker.port}${vhost}`;

  test('reports wrong credentials', () =>
    expectRefusal(
      { url: url('guest:hunter2') },
      { code: 'ERR_QUEUE_AUTH', retryable: false, says: /refuses the credentials; check RABBITMQ_URL/ },
    ));

  test('reports a virtual host that does not exist', () =>
    expectRefusal(
      { url: url('guest:guest', '/nowhere') },
      { code: 'ERR_QUEUE_AUTH', retryable: false, says: /virtual host does not exist, the user has no access/ },
    ));

  test('reports a virtual host without access', async () => {
    await broker.management.createUser('outsider', 'hunter2', '/', {});
    await broker.createVirtualHost('private');
    await expectRefusal(
      { url: url('outsider:hunter2', '/private') },
      { code: 'ERR_QUEUE_AUTH', retryable: false, says: /the user has no access to it/ },
    );
  });

  test('reports a missing permission, and names it', async () => {
    await broker.management.createUser('reader', 'hunter2', '/', { read: '.*' });
    const backend = freshBackend({ url: url('reader:hunter2') });
    const publishing = backend.publish(KEY, {}, { timeoutMs: 5_000 });
    await expect(publishing).rejects.toMatchObject({
      code: 'ERR_QUEUE_AUTH',
      retryable: false,
      message: expect.stringMatching(/lacks a permission; grant the permission: .*access to exchange/),
    });
    await expect(backend.consume({ group: 'workers' }).ready).rejects.toMatchObject({ code: 'ERR_QUEUE_AUTH' });
  });

  test('reports a missing permission to write', async () => {
    await broker.management.createUser('declarer', 'hunter2', '/', { configure: '.*', read: '.*' });
    const backend = freshBackend({ url: url('declarer:hunter2') });
    await expect(backend.publish(KEY, {}, { timeoutMs: 5_000 })).rejects.toMatchObject({
      code: 'ERR_QUEUE_AUTH',
      message: expect.stringMatching(/access to exchange/),
    });
  });

  test('reports a missing permission to read', async () => {
    await broker.management.createUser('writer', 'hunter2', '/', { configure: '.*', write: '.*' });
    const backend = freshBackend({ url: url('writer:hunter2') });
    await expect(backend.consume({ group: 'workers' }).ready).rejects.toMatchObject({
      code: 'ERR_QUEUE_AUTH',
      retryable: false,
      message: expect.stringMatching(/lacks a permission; grant the permission: .*access/),
    });
  });

  test('needs only permissions for its prefix and the default exchange', async () => {
    const prefix = freshPrefix();
    const own = `^(${prefix}.*|amq\\.default)$`;
    await broker.management.createUser('limited', 'hunter2', '/', { configure: own, write: own, read: own });
    const backend = freshBackend({ url: url('limited:hunter2'), prefix, groups: ['workers'] });
    await backend.publish(KEY, { n: 1 });
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    const first = await subscription.next();
    await first.value?.nack({ delayMs: 10 });
    const again = await subscription.next();
    await again.value?.deadLetter({ code: 'TEST' });
    expect(await backend.deadLetters({ group: 'workers' }).redrive('all')).toBe(1);
    await backend.consume().ready;
  });

  test('reports a conflict with an existing queue, and names its own settings', async () => {
    const prefix = freshPrefix();
    const first = freshBackend({ url: broker.url, prefix, groups: ['workers'], maxLength: 10 });
    await first.publish(KEY, {});
    const second = freshBackend({ url: broker.url, prefix, groups: ['workers'], maxLength: 20 });
    const conflict = {
      code: 'ERR_QUEUE_TOPOLOGY',
      retryable: false,
      message: expect.stringMatching(/inequivalent arg 'x-max-length'.*'20'.*'10'.*"x-max-length":20/s),
    };
    await expect(second.publish(KEY, {}, { timeoutMs: 5_000 })).rejects.toMatchObject(conflict);
    await expect(second.consume({ group: 'workers' }).ready).rejects.toMatchObject(conflict);
  });

  test('reports a message above the limit of the broker, and publishes the others', async () => {
    const backend = freshBackend({ url: broker.url, groups: ['workers'] });
    await backend.publish(KEY, { n: 0 });
    const large = backend.publish(KEY, { text: 'x'.repeat(2 * 2 ** 20) });
    const others = [1, 2, 3].map((n) => backend.publish(KEY, { n }));
    await expect(large).rejects.toMatchObject({ code: 'ERR_QUEUE_PAYLOAD_TOO_LARGE', retryable: false });
    await Promise.all(others);
  });

  test('continues after its queue was deleted', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, retryDelayMs: 10 });
    const subscription = backend.consume({ group: 'workers' });
    await subscription.ready;
    const connection = await connect(broker.url);
    onTestFinished(() => connection.close());
    const channel = await connection.createChannel();
    await channel.deleteQueue(`${prefix}workers:${KEY}`);
    await expect
      .poll(
        () =>
          backend.publish(KEY, { n: 1 }).then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    expect((await subscription.next()).value?.payload).toEqual({ n: 1 });
  });

  test('rejects headers that AMQP cannot carry', async () => {
    const backend = freshBackend({ url: broker.url, groups: ['workers'] });
    const headers = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`h${n}`, 'x'.repeat(7_000)]));
    const publishing = [backend.publish(KEY, {}, { headers }), backend.publish(KEY, { n: 1 })];
    await expect(publishing[0]).rejects.toMatchObject({ code: 'ERR_QUEUE_SERIALIZATION' });
    await publishing[1];
  });

  test('rejects headers that do not fit into a frame, and parks messages whose headers just fit', async () => {
    const backend = freshBackend({ url: broker.url, groups: ['workers'] });
    const tooLarge = backend.publish(KEY, { n: 0 }, { headers: { trace: 'x'.repeat(8_200) } });
    const others = [1, 2].map((n) => {
      const headers = { trace: 'x'.repeat(4_050) };
      return backend.publish(KEY, { n, text: 'y'.repeat(100_000) }, { messageId: `Ev${n}`, headers });
    });
    await expect(tooLarge).rejects.toMatchObject({
      code: 'ERR_QUEUE_SERIALIZATION',
      retryable: false,
      message: expect.stringMatching(/the headers are 8221 bytes long: use at most 4096 bytes/),
    });
    await Promise.all(others);
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    for (const id of ['Ev1', 'Ev2']) {
      const { value } = await subscription.next();
      expect(value?.metadata.messageId).toBe(id);
      await value?.deadLetter({ code: 'TEST', error: new Error('z'.repeat(2_000)) });
    }
    const { items } = await backend.deadLetters({ group: 'workers' }).list();
    expect(items.map(({ messageId }) => messageId)).toEqual(['Ev1', 'Ev2']);
  });

  test('reports a server that speaks another protocol', async () => {
    const port = await answering('HTTP/1.1 400 Bad Request\r\n\r\n');
    await expectRefusal(
      { url: `amqp://127.0.0.1:${port}` },
      { code: 'ERR_QUEUE_PROTOCOL', retryable: false, says: /does not speak AMQP/ },
    );
  });

  test('reports a host that refuses connections', async () => {
    await expectRefusal(
      { url: 'amqp://127.0.0.1:1' },
      { code: 'ERR_QUEUE_CONNECTION_REFUSED', retryable: true, says: /is RabbitMQ running/ },
    );
  });

  testFaults(broker);
});
