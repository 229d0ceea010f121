import type { DeadLetter, JsonObject } from '@slack-mcp/core';
import { describe, expect, test } from 'vitest';
import { createConsumer, NonRetryableError } from '../src/index.ts';
import { application, guised } from './support/application.ts';
import { describeBackends } from './support/backends.ts';
import { type CommandPlace, commandPlace, type Done, hostedCommand, ownCommand } from './support/command.ts';
import { envelope } from './support/message.ts';
import { DEADLINE } from './support/workplace.ts';

const hosted = hostedCommand();
const done = (place: CommandPlace, ...args: string[]): Promise<Done> => hosted(['dead-letters', ...args], place);

describeBackends('dead-letters', 'network', (harness) => {
  /** Parks messages with these ids, in this order. */
  async function parked(place: CommandPlace, ids: readonly string[], key = 'slack_events'): Promise<DeadLetter[]> {
    const consumer = createConsumer({ backend: place.backend, group: 'bot', keys: key, concurrency: 1 });
    consumer.any(() => {
      throw new NonRetryableError('broken\n\u001b[31mred\u009b');
    });
    await consumer.start();
    const deadLetters = place.backend.deadLetters({ group: 'bot', keys: [key] });
    for (const [index, id] of ids.entries()) {
      const payload = envelope({ type: 'message', text: `private ${id} \u009b` }, id);
      await place.backend.publish(key, payload, {
        messageId: id,
        orderingKey: 'C1',
        headers: { trace: 'abc', 'x-slack-event-id': id.split(':').at(-1) ?? id },
      });
      await expect.poll(async () => (await deadLetters.list()).items.length, DEADLINE).toBe(index + 1);
    }
    await consumer.close();
    return (await deadLetters.list()).items;
  }

  test('show, redrive and purge accept the ids of the message and the event, as logged', async () => {
    const place = commandPlace(harness);
    const [first, , third] = await parked(place, ['A1:Ev1', 'A1:Ev2', 'A1:Ev3'], 'slack_events');
    const shown = await done(place, 'show', '--group', 'bot', '--json', 'Ev1');
    expect(JSON.parse(shown.output)).toMatchObject({ id: first?.id, messageId: 'A1:Ev1' });
    expect(await done(place, 'redrive', '--group', 'bot', 'Ev1')).toMatchObject({ code: 0, output: '1 redriven\n' });
    const mixed = await done(place, 'redrive', '--group', 'bot', 'A1:Ev2', third?.id ?? '');
    expect(mixed).toMatchObject({ code: 0, output: '2 redriven\n' });
    const gone = await done(place, 'purge', '--group', 'bot', '--yes', 'EvAD49');
    expect(gone).toMatchObject({ code: 1, output: '0 purged\n' });
    expect(gone.errors).toContain('1 of 1 ids are not ids of dead letters');
  });

  test('list prints, in its own process, one line per dead letter in columns, without payloads', async () => {
    const place = commandPlace(harness);
    const [first, second] = await parked(place, ['Ev1', 'Ev2']);
    const { code, output, errors } = await ownCommand(['dead-letters', 'list', '--group', 'bot'], place);
    expect(code).toBe(0);
    expect(errors).toBe('');
    expect(output.split('\n').map((line) => line.split('\t'))).toEqual([
      ...[first, second].map((letter) => [
        letter?.id,
        new Date(letter?.deadLetteredAt ?? 0).toISOString(),
        'slack_events',
        letter?.messageId,
        '0',
        'NON_RETRYABLE NonRetryableError: broken  [31mred ',
      ]),
      [''],
    ]);
  });

  test('list --json prints one object, page by page', async () => {
    const place = commandPlace(harness);
    await parked(place, ['Ev1', 'Ev2', 'Ev3']);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { output, code } = await done(
        place,
        ...['list', '--group', 'bot', '--json', '--limit', '2', ...(cursor === undefined ? [] : ['--cursor', cursor])],
      );
      expect(code).toBe(0);
      const page = JSON.parse(output) as { items: DeadLetter[]; cursor?: string };
      for (const item of page.items) {
        seen.push(item.messageId);
        expect(item).toMatchObject({
          key: 'slack_events',
          group: 'bot',
          retryCount: 0,
          reason: { code: 'NON_RETRYABLE' },
        });
        expect(Object.keys(item)).not.toEqual(expect.arrayContaining(['payload']));
      }
      expect(output).not.toContain('private');
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['Ev1', 'Ev2', 'Ev3']);
  });

  test('show prints one complete dead letter', async () => {
    const place = commandPlace(harness);
    const [, second] = await parked(place, ['Ev1', 'Ev2']);
    const { code, output } = await done(place, 'show', second?.id ?? '', '--group', 'bot');
    expect(code).toBe(0);
    expect(output).toContain('\n  "messageId": "Ev2",\n');
    expect(output).not.toContain('\u009b');
    expect(JSON.parse(output)).toEqual(second);
    const line = await done(place, 'show', second?.id ?? '', '--group', 'bot', '--json');
    expect(line.output.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(line.output)).toEqual(second);
    const missing = await done(place, 'show', 'nope', '--group', 'bot');
    expect(missing).toMatchObject({ code: 1, output: '' });
    expect(missing.errors).toMatch(/^slack-mcp-consumer: the group bot has no dead letter nope: [^\n]*\n$/);
  });

  test('redrive returns the selected dead letters, or all', async () => {
    const place = commandPlace(harness);
    const [first] = await parked(place, ['Ev1', 'Ev2', 'Ev3']);
    expect(await done(place, 'redrive', first?.id ?? '', '--group', 'bot')).toMatchObject({
      code: 0,
      output: '1 redriven\n',
      errors: '',
    });
    expect(await done(place, 'redrive', first?.id ?? '', '--group', 'bot')).toMatchObject({
      code: 1,
      output: '0 redriven\n',
      errors: 'slack-mcp-consumer: 1 of 1 ids are not ids of dead letters: run "dead-letters list" to see the ids\n',
    });
    expect(await done(place, 'redrive', '--all', '--group', 'bot', '--json')).toMatchObject({
      code: 0,
      output: '{"redriven":2}\n',
    });
    const handled: JsonObject[] = [];
    const consumer = createConsumer({ backend: place.backend, group: 'bot' });
    consumer.any(({ metadata }) => handled.push({ id: metadata.messageId, retryCount: metadata.retryCount }));
    await consumer.start();
    await expect.poll(() => handled, DEADLINE).toHaveLength(3);
    await consumer.close();
    expect(handled.map(({ id }) => id).sort()).toEqual(['Ev1', 'Ev2', 'Ev3']);
    expect(handled.every(({ retryCount }) => retryCount === 0)).toBe(true);
  });

  test('purge deletes only after confirmation, and only under the selected keys', async () => {
    const place = commandPlace(harness);
    await parked(place, ['Ev1', 'Ev2']);
    const [other] = await parked(place, ['Ev3'], 'other');
    expect(await done(place, 'purge', '--all', '--group', 'bot')).toMatchObject({ code: 2, output: '' });
    expect(await done(place, 'purge', '--all', '--yes', '--group', 'bot')).toMatchObject({
      code: 0,
      output: '2 purged\n',
    });
    const left = await done(place, 'list', '--group', 'bot', '--keys', 'slack_events, other', '--json');
    expect(JSON.parse(left.output)).toMatchObject({ items: [{ messageId: 'Ev3', key: 'other' }] });
    expect(
      await done(place, 'purge', other?.id ?? '', '--yes', '--keys', 'other', '--group', 'bot', '--json'),
    ).toMatchObject({ code: 0, output: '{"purged":1}\n' });
  });

  test('an empty result names the group and the keys that were searched', async () => {
    const place = commandPlace(harness);
    await parked(place, ['Ev1']);
    for (const [args, where] of [
      [['purge', '--all', '--yes', '--group', 'bto'], 'the group bto under the key slack_events'],
      [['redrive', '--all', '--group', 'bot', '--keys', 'a,b'], 'the group bot under the keys a, b'],
      [['list', '--group', 'bto'], 'the group bto under the key slack_events'],
    ] as const) {
      expect(await done(place, ...args)).toMatchObject({ code: 0, errors: `no dead letters in ${where}\n` });
    }
  });
});

describe('wrong usage ends with 2 and one line', () => {
  test.each<[string, string[], string]>([
    ['no command', [], 'no command: list | show | redrive | purge'],
    ['another command', ['drop'], "unknown command 'drop'"],
    ['another command with options', ['lst', '--group', 'bot'], "unknown command 'lst'"],
    ['options alone', ['--group', 'bot'], 'no command: list | show | redrive | purge'],
    ['a secret instead of a command', ['--token=hunter2'], 'no command: list | show | redrive | purge'],
    ['no key to redrive', ['redrive', '--all', '--group', 'bot', '--keys', ''], '--keys is empty'],
    ['no key to purge', ['purge', '--all', '--yes', '--group', 'bot', '--keys', ' ,'], '--keys is empty'],
    ['no key to list', ['list', '--group', 'bot', '--keys', ''], '--keys is empty'],
    ['no group', ['list'], "required option '--group <name>' not specified"],
    ['an invalid group', ['list', '--group', 'no spaces'], 'is not a valid group'],
    ['an invalid key', ['list', '--group', 'bot', '--keys', 'a b'], 'is not a valid key'],
    ['an invalid limit', ['list', '--group', 'bot', '--limit', '0'], '--limit is 0, but must be a whole number'],
    ['no id', ['show', '--group', 'bot'], "missing required argument 'id'"],
    ['nothing to redrive', ['redrive', '--group', 'bot'], 'or --all: neither was given'],
    ['ids and all', ['redrive', 'x', '--all', '--group', 'bot'], 'or --all: both were given'],
    ['purging unconfirmed', ['purge', 'x', '--group', 'bot'], 'confirm the deletion with --yes'],
  ])('%s', async (_name, args, reason) => {
    // One of them ends its own process.
    const run = args.length === 0 ? ownCommand : hosted;
    const { code, output, errors } = await run(['dead-letters', ...args], { cwd: application(guised) });
    expect(code).toBe(2);
    expect(errors).toMatch(/^slack-mcp-consumer: [^\n]*\n$/);
    expect(errors).toContain(reason);
    expect(output).toBe('');
  });
});
