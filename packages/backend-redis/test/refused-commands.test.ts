import { startRedis } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import type { PublishOptions } from '@slack-mcp/core';
import { Redis } from 'ioredis';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { RedisBackend } from '../src/index.ts';
import { freshBackend, freshPrefix, KEY, range, receive } from './fresh-backend.ts';

/** Every command of the scripts. Redis does not roll back when one is refused after another has written. */
const COMMANDS = [
  ...['exists', 'get', 'hget', 'hincrby', 'hset', 'pexpire', 'set', 'setrange', 'time', 'zadd', 'zremrangebyscore'],
  ...['zscore', 'xack', 'xadd', 'xclaim', 'xdel', 'xgroup', 'xinfo', 'xlen', 'xpending', 'xrange', 'xtrim'],
];
const GROUP = 'workers';
const RIGHTS = ['~*', '&*', '+@all', '-@admin', '+client|id', '+client|unblock'];

describeWithOwnBroker(
  'a redis that refuses a command',
  () => startRedis({ users: [`limited on >secret ${RIGHTS.join(' ')}`] }),
  (broker) => {
    const admin = new Redis(broker.url);
    const url = `redis://limited:secret@127.0.0.1:${broker.port}`;
    const refuse = (command: string): Promise<unknown> => admin.acl('SETUSER', 'limited', `-${command}`);
    const allow = (): Promise<unknown> => admin.acl('SETUSER', 'limited', ...RIGHTS);
    afterAll(() => admin.disconnect());
    beforeEach(allow);

    /** A backend with all permissions and one without, on the same keys. */
    function both(): { able: RedisBackend; limited: RedisBackend; stream: string; dead: string; redriven: string } {
      const options = { prefix: freshPrefix(), groups: [GROUP], maxLength: 1 };
      const stream = `${options.prefix}${KEY}`;
      return {
        able: freshBackend({ ...options, url: broker.url }),
        limited: freshBackend({ ...options, url }),
        stream,
        dead: `{${stream}}:dead:${GROUP}`,
        redriven: `{${stream}}:redrive:${GROUP}`,
      };
    }

    const succeeds = (call: Promise<unknown>): Promise<boolean> =>
      call.then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject({ code: 'ERR_QUEUE_AUTH', retryable: false });
          return false;
        },
      );

    const countPending = async (stream: string): Promise<number> => {
      const [count] = (await admin.xpending(stream, GROUP)) as [number];
      return count;
    };

    const storedIds = async (stream: string): Promise<(string | undefined)[]> =>
      (await admin.xrange(stream, '-', '+')).map(([, fields]) => fields[fields.indexOf('slack-mcp-message-id') + 1]);

    /** Parks messages, with all permissions. */
    async function park(backend: RedisBackend, count: number): Promise<void> {
      const subscription = backend.consume({ group: GROUP, ack: 'manual' });
      for (const n of range(count)) {
        await backend.publish(KEY, { n });
        await (await receive(subscription)).deadLetter({ code: 'TEST' });
      }
      await subscription.close();
    }

    describe.each(COMMANDS)('%s', (command) => {
      test('stores what it confirms and claims nothing else', async () => {
        const { able, limited, stream } = both();
        await refuse(command);
        const publish = (backend: RedisBackend, options: PublishOptions = {}): Promise<boolean> =>
          succeeds(backend.publish(KEY, {}, options));
        const ids = ['first', 'second', 'third'];
        const stored = await Promise.all(ids.map((messageId) => publish(limited, { messageId })));
        expect(await storedIds(stream)).toEqual(ids.filter((_id, place) => stored[place]));
        for (const messageId of ids) {
          if (await publish(limited, { messageId })) expect(await storedIds(stream)).toContain(messageId);
        }
        for (const messageId of ids) expect(await publish(able, { messageId })).toBe(true);
        expect(await storedIds(stream)).toEqual(ids);
      });

      test('parks a message once, or leaves it with the group', async () => {
        const { able, limited, stream, dead } = both();
        await able.publish(KEY, { n: 0 });
        const message = await receive(limited.consume({ group: GROUP, ack: 'manual' }));
        await refuse(command);
        const parked = await succeeds(message.deadLetter({ code: 'TEST' }));
        expect([await admin.xlen(dead), await countPending(stream)]).toEqual(parked ? [1, 0] : [0, 1]);
      });

      test('redrives a message, or leaves it parked', async () => {
        const { able, limited, dead, redriven } = both();
        await park(able, 3);
        await refuse(command);
        const moved = await succeeds(limited.deadLetters({ group: GROUP }).redrive('all'));
        expect([await admin.xlen(dead), await admin.xlen(redriven)]).toEqual(moved ? [0, 3] : [3, 0]);
      });

      test('acks a redriven message, or leaves it with the group', async () => {
        const { able, limited, redriven } = both();
        await park(able, 1);
        await able.deadLetters({ group: GROUP }).redrive('all');
        const message = await receive(limited.consume({ group: GROUP, ack: 'manual' }));
        await refuse(command);
        const count = (await succeeds(message.ack())) ? 0 : 1;
        expect([await admin.xlen(redriven), await countPending(redriven)]).toEqual([count, count]);
      });

      test('leaves a delayed message with the group', async () => {
        const { able, limited, stream } = both();
        await able.publish(KEY, { n: 0 });
        const message = await receive(limited.consume({ group: GROUP, ack: 'manual' }));
        await refuse(command);
        await succeeds(message.nack({ delayMs: 3_600_000 }));
        await limited.close({ drainTimeoutMs: 0 });
        expect([await admin.xlen(stream), await countPending(stream)]).toEqual([1, 1]);
      });
    });

    test('refuses the rest of a batch that a stream stores only in part, then and later', async () => {
      const { able, stream } = both();
      await admin.xadd(stream, '18446744073709551615-18446744073709551613', 'data', '{}');
      const ids = ['first', 'second', 'third', 'fourth'];
      for (const _ of range(2)) {
        const outcomes = await Promise.allSettled(ids.map((messageId) => able.publish(KEY, {}, { messageId })));
        expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
        expect((await storedIds(stream)).slice(1)).toEqual(['first', 'second']);
      }
    });

    test.each([
      ['another type', (name: string) => admin.set(name, 'of another program')],
      ['no ids left', (name: string) => admin.xadd(name, '18446744073709551615-18446744073709551613', 'data', '{}')],
    ])('keeps a message parked that cannot be redriven: %s', async (_case, spoil) => {
      const { able, dead, redriven } = both();
      await park(able, 5);
      await admin.del(redriven);
      await spoil(redriven);
      const letters = able.deadLetters({ group: GROUP });
      for (const _ of range(2)) await expect(letters.redrive('all')).rejects.toThrow('redriving');
      const taken = (await admin.type(redriven)) === 'stream' ? (await admin.xlen(redriven)) - 1 : 0;
      expect((await admin.xlen(dead)) + taken).toBe(5);
    });

    test('requires ids or `all` to redrive and purge', async () => {
      const letters = both().able.deadLetters({ group: GROUP });
      for (const method of ['redrive', 'purge'] as const) {
        const call = letters[method].bind(letters) as (ids?: unknown) => Promise<number>;
        for (const ids of [undefined, '1-0:key']) {
          await expect(call(ids)).rejects.toMatchObject({ code: 'ERR_QUEUE_CONFIG' });
        }
      }
    });

    test('logs once that history cannot be trimmed, and stores the message', async () => {
      const { stream } = both();
      const lines: unknown[] = [];
      const note = (fields: unknown, text?: string): void => void lines.push([text, fields]);
      const logger = { debug: () => undefined, info: () => undefined, warn: note, error: note };
      const backend = freshBackend({
        url,
        prefix: stream.slice(0, -KEY.length),
        groups: [GROUP],
        maxLength: 1,
        logger,
      });
      onTestFinished(async () => void (await allow()));
      await refuse('xtrim');
      for (const n of range(5)) await backend.publish(KEY, { n });
      expect(await admin.xlen(stream)).toBe(5);
      expect(lines).toEqual([
        ['queue_trim_failed', { key: KEY, err: expect.objectContaining({ code: 'ERR_QUEUE_AUTH' }) }],
      ]);
    });
  },
);
