import { expect, test } from 'vitest';
import { createConsumer } from '../src/index.ts';
import { fixture } from './support/application.ts';
import { describeBackends, LEASE_VARIABLES, WRONG_CREDENTIALS } from './support/backends.ts';
import { type CommandPlace, commandPlace } from './support/command.ts';
import { envelope } from './support/message.ts';
import { DEADLINE } from './support/workplace.ts';

// Tests the command in a separate process, with each broker. `outage.test.ts` tests it without one.

const worker = ['--handlers', fixture('holding-worker.ts'), '--group', 'bot'];

function publish(place: CommandPlace, ...ids: string[]): Promise<unknown> {
  return Promise.all(
    ids.map((messageId) => place.backend.publish('slack_events', envelope({ type: 'message' }), { messageId })),
  );
}

/** The unacknowledged messages of the group: another worker takes them until it receives `last`. */
async function left(place: CommandPlace, last = 'sentinel'): Promise<string[]> {
  const seen: string[] = [];
  const consumer = createConsumer({ backend: place.backend, group: 'bot' });
  consumer.any(({ metadata }) => seen.push(metadata.messageId));
  await consumer.start();
  await publish(place, 'sentinel');
  await expect.poll(() => seen, DEADLINE).toEqual(expect.arrayContaining([last, 'sentinel']));
  await consumer.close();
  return seen.sort();
}

describeBackends('a worker’s process', 'network', (harness) => {
  test('finishes and acks messages in flight on SIGTERM, and ends with 0', async () => {
    const place = commandPlace(harness, ['bot']);
    const child = place.run(worker);
    await child.printed('ready');
    await publish(place, 'slow1', 'slow2');
    await child.printed('in flight slow1');
    await child.printed('in flight slow2');
    child.process.kill('SIGTERM');
    await expect(child.ended).resolves.toBe(0);
    expect(child.output()).toContain('handled slow1');
    expect(child.output()).toContain('handled slow2');
    expect(child.errors()).toContain('consumer_closed');
    expect(await left(place)).toEqual(['sentinel']);
  });

  test.skipIf(process.platform === 'win32')('ends when npx, which passes no signal on, has ended', async () => {
    const place = commandPlace(harness, ['bot']);
    const npx = place.run(worker, {}, { npx: true });
    await npx.printed('ready');
    npx.process.kill('SIGTERM');
    await npx.ended;
    expect(npx.errors()).toContain('"reason":"npx_ended","message":"consumer_stopping"');
    expect(npx.errors()).toContain('consumer_closed');
  });

  test.each(['DRAIN_MS', 'SHUTDOWN_TIMEOUT_MS'])(
    'returns unfinished messages at once after the drain time (%s), and ends with 0',
    async (name) => {
      const place = commandPlace(harness, ['bot']);
      const child = place.run(worker, { [name]: '50' });
      await child.printed('ready');
      await publish(place, 'stuck');
      await child.printed('in flight stuck');
      child.process.kill('SIGTERM');
      await expect(child.ended).resolves.toBe(0);
      expect(child.errors()).toContain(
        '"interrupted":1,"notStarted":0,"drainTimeoutMs":50,"message":"consumer_gave_back"',
      );
      expect(await left(place, 'stuck')).toContain('stuck');
    },
  );

  test('ends at once on a second signal, and its messages are delivered again', async () => {
    const place = commandPlace(harness, ['bot']);
    const child = place.run(worker);
    await child.printed('ready');
    await publish(place, 'stuck');
    await child.printed('in flight stuck');
    child.process.kill('SIGTERM');
    await child.printed('consumer_stopping');
    child.process.kill('SIGTERM');
    await expect(child.ended).resolves.toBe(143);
    expect(child.output()).not.toContain('handled stuck');
    expect(await left(place, 'stuck')).toEqual(['sentinel', 'stuck']);
  });

  const wrong = WRONG_CREDENTIALS[harness.name];
  test.skipIf(wrong === undefined)('ends with 1 and one line if the broker refuses it', async () => {
    const place = commandPlace(harness, ['bot']);
    const child = place.run(worker, wrong);
    await expect(child.ended).resolves.toBe(1);
    expect(child.errors().trim().split('\n').at(-1)).toMatch(/^slack-mcp-consumer: /);
    expect(child.output()).toBe('starting\n');
  });

  test('loses a message to another consumer while the process is suspended, and reports its late result', async () => {
    const place = commandPlace(harness, ['bot']);
    const child = place.run(worker, { LOG_FORMAT: 'json' });
    await child.printed('ready');
    await publish(place, 'slow');
    await child.printed('in flight slow');
    child.process.kill('SIGSTOP');
    const attempts: number[] = [];
    const other = createConsumer({ backend: place.backend, group: 'bot' });
    other.any(({ metadata }) => attempts.push(metadata.deliveryCount));
    await other.start();
    // Kafka records a first delivery with the next commit, which the process may not reach before it is suspended.
    const once = [expect.toBeOneOf(harness.name === 'kafka' ? [1, 2] : [2])];
    await expect.poll(() => attempts, DEADLINE).toEqual(once);
    child.process.kill('SIGCONT');
    await child.printed('event_failed');
    child.process.kill('SIGUSR2');
    await child.printed('handler_returned_late');
    const entries = child
      .errors()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.find(({ message }) => message === 'event_failed')).toMatchObject({
      messageId: 'slow',
      action: 'hand-back',
      err: { code: 'MESSAGE_LOST' },
    });
    expect(entries.find(({ message }) => message === 'event_lease_lost')).toMatchObject({ messageId: 'slow' });
    await other.close();
    child.process.kill('SIGTERM');
    await expect(child.ended).resolves.toBe(0);
    expect(await left(place)).toEqual(['sentinel']);
    expect(attempts).toEqual(once);
  });

  const leaseVariable = LEASE_VARIABLES[harness.name];
  test.skipIf(leaseVariable === undefined)(
    'settles a message that blocks every worker, or parks it with the true reason',
    {
      timeout: 60_000,
    },
    async () => {
      const place = commandPlace(harness, ['bot']);
      const env = { ...harness.envFor(place.namespace, { maxDeliveries: 2 }), BLOCK_MS: '1500' };
      const children = [1, 2].map(() =>
        place.run(['--handlers', fixture('blocking-worker.ts')], { ...env, [String(leaseVariable)]: '500' }),
      );
      for (const child of children) await child.printed('ready');
      await publish(place, 'blocking');
      // Each worker takes the message while the other one is blocked. One of them acks it while it owns the message.
      const depth = () => harness.inspect?.depth?.(place.namespace, 'blocked');
      await expect.poll(depth, { timeout: 45_000 }).toBe(0);
      const { items } = await place.backend.deadLetters({ group: 'blocked' }).list();
      for (const { retryCount, reason } of items) {
        expect([retryCount, reason.message]).toEqual([0, expect.stringMatching(/its consumers died or lost it/)]);
      }
    },
  );
});
