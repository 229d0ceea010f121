import type { JsonObject } from '@slack-mcp/core';
import { sampleSets } from '@slack-mcp/test-support/samples';
import { describe, expect, test } from 'vitest';
import type { EventName } from '../src/index.ts';
import { Router } from '../src/router.ts';
import { contextOf, envelope } from './support/message.ts';

const message = (fields: JsonObject = {}): JsonObject =>
  envelope({ type: 'message', channel: 'C1', channel_type: 'channel', ts: '1.0', text: 'hi', user: 'U1', ...fields });

async function namesCalled(
  payload: JsonObject,
  register: (router: Router, called: string[]) => void,
): Promise<string[]> {
  const called: string[] = [];
  const router = new Router();
  register(router, called);
  await router.dispatch(contextOf(payload));
  return called;
}

describe('events', () => {
  test('runs all matching handlers one after the other, in the order they were added', async () => {
    const called = await namesCalled(message(), (router, log) => {
      router.any(() => log.push('any'));
      router.on('message', async () => {
        await new Promise(setImmediate);
        log.push('first');
      });
      router.on('app_mention', () => log.push('other'));
      router.on('message.channels', () => log.push('second'));
    });
    expect(called).toEqual(['any', 'first', 'second']);
  });

  test('fails the delivery at the first handler that throws, and skips the handlers after it', async () => {
    const called: string[] = [];
    const router = new Router()
      .on('message', () => {
        throw new Error('broken');
      })
      .any(() => called.push('any'));
    await expect(router.dispatch(contextOf(message()))).rejects.toThrow('broken');
    expect(called).toEqual([]);
  });

  test.each([
    ['channel', 'message.channels'],
    ['group', 'message.groups'],
    ['im', 'message.im'],
    ['mpim', 'message.mpim'],
    ['app_home', 'message.app_home'],
  ])('routes channel_type %s to %s', async (channelType, name) => {
    const names = ['message.channels', 'message.groups', 'message.im', 'message.mpim', 'message.app_home'] as const;
    const called = await namesCalled(message({ channel_type: channelType }), (router, log) => {
      for (const each of names) router.on(each, () => log.push(each));
    });
    expect(called).toEqual([name]);
  });

  test('filters by subtype; undefined matches messages from people, also with an empty subtype', async () => {
    const register = (router: Router, log: string[]): void => {
      router.on('message', { subtype: 'bot_message' }, () => log.push('bot'));
      router.on('message.channels', { subtype: undefined }, () => log.push('person'));
    };
    expect(await namesCalled(message(), register)).toEqual(['person']);
    expect(await namesCalled(message({ subtype: '' }), register)).toEqual(['person']);
    expect(await namesCalled(message({ subtype: 'bot_message' }), register)).toEqual(['bot']);
    expect(await namesCalled(message({ subtype: 'channel_join' }), register)).toEqual([]);
  });

  test('passes events without a matching handler to unknown, even if any matches', async () => {
    const register = (router: Router, log: string[]): void => {
      router.any(() => log.push('any')).unknown(() => log.push('unknown'));
      router.on('message', () => log.push('message'));
    };
    expect(await namesCalled(envelope({ type: 'brand_new_event' }), register)).toEqual(['any', 'unknown']);
    expect(await namesCalled(message(), register)).toEqual(['any', 'message']);
    expect(await namesCalled({ foo: 'bar' }, register)).toEqual(['any', 'unknown']);
  });

  test('does not fail without handlers', async () => {
    await expect(new Router().dispatch(contextOf(message()))).resolves.toBeUndefined();
  });

  test('handles app_rate_limited, which has no inner event', async () => {
    const payload = { type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1, api_app_id: 'A1', token: '' };
    const seen: unknown[] = [];
    await new Router()
      .on('app_rate_limited', (event) => seen.push(event.minute_rate_limited))
      .dispatch(contextOf(payload));
    expect(seen).toEqual([1]);
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'passes a type named %s only to unknown',
    async (type) => {
      const payload = JSON.parse(`{"type":"event_callback","event":{"type":"${type}"}}`) as JsonObject;
      const called = await namesCalled(payload, (router, log) => {
        router.on('message', () => log.push('message')).unknown(() => log.push('unknown'));
      });
      expect(called).toEqual(['unknown']);
    },
  );
});

describe('commands and actions', () => {
  const command = { command: '/deploy', text: 'main', channel_id: 'C1', user_id: 'U1', response_url: 'https://x' };
  const action = (...ids: string[]): JsonObject => ({
    type: 'block_actions',
    actions: ids.map((id) => ({ type: 'button', action_id: id, value: `value-${id}` })),
  });

  test('routes a command by name or pattern', async () => {
    const called = await namesCalled(command, (router, log) => {
      router.command('/deploy', (it) => log.push(`name ${it.text}`));
      router.command(/^\/dep/, () => log.push('pattern'));
      router.command('/other', () => log.push('other'));
      router.on('message', () => log.push('message'));
    });
    expect(called).toEqual(['name main', 'pattern']);
  });

  test('routes every action of an interaction by id or pattern; global patterns keep no position', async () => {
    const register = (router: Router, log: string[]): void => {
      router.action('approve', (it) => log.push(`name ${it.value}`));
      router.action(/^x/g, (it) => log.push(`pattern ${it.value}`));
      router.unknown(() => log.push('unknown'));
    };
    expect(await namesCalled(action('approve', 'x1', 'x2'), register)).toEqual([
      'name value-approve',
      'pattern value-x1',
      'pattern value-x2',
    ]);
    expect(await namesCalled(action('reject'), register)).toEqual(['unknown']);
  });

  test('routes actions of attachments by callback_id', async () => {
    const payload = { type: 'interactive_message', callback_id: 'vote', actions: [{ type: 'button', name: 'yes' }] };
    const called = await namesCalled(payload, (router, log) => {
      router.action('vote', (it) => log.push(String(it['name'])));
    });
    expect(called).toEqual(['yes']);
  });

  test('treats malformed actions as unknown, not as errors', async () => {
    for (const actions of [null, 'x', [null, 1, []], [{ action_id: 7 }]] as const) {
      const payload = { type: 'block_actions', actions } as unknown as JsonObject;
      const called = await namesCalled(payload, (router, log) => {
        router.action('7', () => log.push('action')).unknown(() => log.push('unknown'));
      });
      expect(called).toEqual(['unknown']);
    }
  });
});

test('rejects a handler that is not a function when it is added', () => {
  const router = new Router();
  expect(() => router.on('message', undefined as never)).toThrow(/on\('message'\)/);
  expect(() => router.any('x' as never)).toThrow(/any\(\)/);
});

describe.each(await sampleSets())('payloads of $origin', ({ events }) => {
  test.each(events)('$name reaches the handler of its inner type', async ({ text }) => {
    const payload = JSON.parse(text) as JsonObject;
    const event = payload['event'] as JsonObject & { type: string };
    const seen: unknown[] = [];
    const router = new Router();
    // Some are changes that leave the text unchanged.
    if (event.type === 'message') router.on('message', { own: true, touched: true }, (it) => seen.push(it));
    else router.on(event.type as EventName, (it) => seen.push(it));
    await router.unknown(() => seen.push('unknown')).dispatch(contextOf(payload));
    expect(seen).toEqual([event]);
  });
});
