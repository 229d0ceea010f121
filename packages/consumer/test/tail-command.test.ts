import type { JsonObject } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { commandPlace } from './support/command.ts';
import { envelope } from './support/message.ts';
import { DEADLINE } from './support/workplace.ts';

const mention = envelope({ type: 'app_mention', channel: 'C1', text: 'private' }, 'Ev2');

describeBackends('tail', 'network', (harness) => {
  test('prints what is published while it runs, takes nothing from other consumers, and leaves nothing behind', async () => {
    const place = commandPlace(harness, ['bot']);
    await place.backend.publish('slack_events', mention, { messageId: 'Ev1' });
    const before = await harness.inspect?.objects?.(place.namespace);
    const child = place.run(['tail', '--log-level', 'info']);
    await child.printed('tail_ready');
    await place.backend.publish('slack_events', mention, { messageId: 'Ev2', orderingKey: 'C1' });
    await place.backend.publish('slack_events', { command: '/deploy' }, { messageId: 'C1' });
    await expect.poll(() => child.output().split('\n'), DEADLINE).toHaveLength(3);
    child.process.kill('SIGINT');
    await expect(child.ended).resolves.toBe(0);
    // The two have no common ordering key: they may arrive in either order.
    const [first, second] = child
      .output()
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'))
      .toSorted((a, b) => (b[4] ?? '').localeCompare(a[4] ?? ''));
    expect(first).toEqual([expect.stringMatching(/^\d{4}-.*Z$/), 'slack_events', 'app_mention', 'C1', 'Ev2']);
    expect(second?.slice(1)).toEqual(['slack_events', '/deploy', '', 'C1']);
    expect(child.output() + child.errors()).not.toContain('private');
    await expect.poll(() => harness.inspect?.objects?.(place.namespace), DEADLINE).toEqual(before);
  });

  test('prints complete messages with --json, and only the keys in --keys', async () => {
    const place = commandPlace(harness, ['bot']);
    const child = place.run(['tail', '--json', '--keys', 'other', '--log-level', 'info']);
    await child.printed('tail_ready');
    await place.backend.publish('slack_events', mention);
    await place.backend.publish('other', mention, { messageId: 'Ev2', headers: { trace: 'abc' } });
    await expect.poll(() => child.output(), DEADLINE).toContain('\n');
    child.process.kill('SIGTERM');
    await expect(child.ended).resolves.toBe(0);
    const lines = child
      .output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject);
    expect(lines).toEqual([
      {
        messageId: 'Ev2',
        timestamp: expect.any(Number),
        key: 'other',
        headers: expect.objectContaining({ trace: 'abc' }),
        payload: mention,
      },
    ]);
  });

  test('ends quietly when its reader closes the pipe', async () => {
    const place = commandPlace(harness);
    const child = place.run(['tail', '--log-level', 'info']);
    await child.printed('tail_ready');
    child.process.stdout?.destroy();
    const publishing = setInterval(() => void place.backend.publish('slack_events', mention).catch(() => {}), 20);
    await expect(child.ended.finally(() => clearInterval(publishing))).resolves.toBe(0);
    expect(child.errors().trim().split('\n').at(-1)).not.toContain('slack-mcp-consumer:');
  });
});
