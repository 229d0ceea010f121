import type { JsonObject } from '@slack-mcp/core';
import { type InteractionSample, sampleSets } from '@slack-mcp/test-support/samples';
import { describe, expect, test } from 'vitest';
import type { HandlerContext, SlackHandlers } from '../src/index.ts';
import { Router } from '../src/router.ts';
import { contextOf } from './support/message.ts';

const user = { id: 'U1', username: 'alice', team_id: 'T1' };
const view = (type: 'view_submission' | 'view_closed', callbackId = 'feedback'): JsonObject => ({
  type,
  user,
  view: { id: 'V1', type: 'modal', callback_id: callbackId, state: { values: { mood: { pick: { type: 'x' } } } } },
});
const shortcut = (type: 'shortcut' | 'message_action', callbackId: string): JsonObject => ({
  type,
  user,
  callback_id: callbackId,
});

/**
 * Registers a handler of every kind under every pattern. Resolves with those that a payload reaches, and their data.
 */
async function reached(
  payload: JsonObject,
  patterns: readonly (string | RegExp)[] = ['', 'feedback', /^feed/g, 'other'],
): Promise<[string, JsonObject][]> {
  const log: [string, JsonObject][] = [];
  const heard =
    (name: string) =>
    (data: unknown): unknown =>
      log.push([name, data as JsonObject]);
  const router = new Router();
  for (const pattern of patterns) {
    router.command(pattern, heard(`command ${pattern}`));
    router.action(pattern, heard(`action ${pattern}`));
    router.view(pattern, heard(`view ${pattern}`));
    router.view(pattern, { closed: true }, heard(`closed ${pattern}`));
    router.shortcut(pattern, heard(`shortcut ${pattern}`));
    router.options(pattern, heard(`options ${pattern}`));
  }
  router.unknown(() => log.push(['unknown', {}]));
  await router.dispatch(contextOf(payload));
  return log;
}

const names = async (payload: JsonObject): Promise<string[]> => (await reached(payload)).map(([name]) => name);

describe('interactions reach the handlers of their id or pattern', () => {
  test.each<[string, JsonObject]>([
    ['view', view('view_submission')],
    ['closed', view('view_closed')],
    ['shortcut', shortcut('shortcut', 'feedback')],
    ['shortcut', shortcut('message_action', 'feedback')],
    ['options', { type: 'block_suggestion', user, action_id: 'feedback', value: 'ab' }],
    ['options', { type: 'dialog_suggestion', user, callback_id: 'feedback', name: 'city', value: 'ab' }],
    ['options', { type: 'interactive_message', user, callback_id: 'feedback', name: 'city', value: 'ab' }],
    ['action', { type: 'interactive_message', user, callback_id: 'feedback', actions: [{ type: 'button' }] }],
    ['action', { type: 'dialog_submission', user, callback_id: 'feedback', submission: { city: 'Bern' } }],
    ['action', { type: 'dialog_cancellation', user, callback_id: 'feedback' }],
    ['command', { command: 'feedback', user_id: 'U1', text: '' }],
  ])('%s: %j', async (kind, payload) => {
    expect(await names(payload)).toEqual([`${kind} feedback`, `${kind} /^feed/g`]);
  });

  test('an interaction without a matching handler is unknown', async () => {
    expect(await names(view('view_submission', 'nobody'))).toEqual(['unknown']);
    expect(await names(shortcut('shortcut', 'nobody'))).toEqual(['unknown']);
    expect(await names({ type: 'brand_new_interaction', callback_id: 'feedback' })).toEqual(['unknown']);
  });

  test.each<JsonObject>([
    { type: 'view_submission' },
    { type: 'view_closed', view: [] },
    { type: 'view_submission', view: { callback_id: 7 } },
    { type: 'shortcut', callback_id: null },
    { type: 'block_suggestion', action_id: {} },
  ])('a malformed interaction has no id, and causes no error: %j', async (payload) => {
    const router = new Router();
    const log: string[] = [];
    for (const pattern of ['7', 'null', /\w/]) {
      router.view(pattern, () => log.push('view'));
      router.shortcut(pattern, () => log.push('shortcut'));
      router.options(pattern, () => log.push('options'));
    }
    await router.unknown(() => log.push('unknown')).dispatch(contextOf(payload));
    expect(log).toEqual(['unknown']);
  });
});

test('a handler knows the user, and can answer a view with response URLs', async () => {
  const posted: unknown[] = [];
  const payload = { ...view('view_submission'), response_urls: [{ response_url: 'https://hooks.example/1' }] };
  const router = new Router().view('feedback', async ({ state }, { envelope, respond }) => {
    await respond(`${envelope.user.id} ${state.values['mood']?.['pick']?.type}`);
  });
  const context = contextOf(payload, {}, (message) => void posted.push(message));
  await router.dispatch(context);
  expect(posted).toEqual([{ text: 'U1 x' }]);
});

test('a class receives all ids', async () => {
  class Bot implements SlackHandlers {
    readonly seen: string[] = [];
    onCommand = ({ command }: { command: string }): unknown => this.seen.push(`command ${command}`);
    onAction = ({ type }: { type: string }): unknown => this.seen.push(`action ${type}`);
    onView = ({ id }: { id: string }): unknown => this.seen.push(`view ${id}`);
    onViewClosed = ({ id }: { id: string }): unknown => this.seen.push(`closed ${id}`);
    onShortcut = ({ type }: { type: string }): unknown => this.seen.push(`shortcut ${type}`);
    onOptions = ({ value }: { value: string }): unknown => this.seen.push(`options ${value}`);
    onUnknown(_context: HandlerContext): void {
      this.seen.push('unknown');
    }
  }
  const bot = new Bot();
  const router = new Router().use(bot);
  for (const payload of [
    { command: '/deploy' },
    { type: 'block_actions', actions: [{ type: 'button', action_id: 'x' }] },
    view('view_submission'),
    view('view_closed'),
    shortcut('message_action', 'save'),
    { type: 'block_suggestion', action_id: 'city', value: 'Be' },
    { type: 'later' },
  ]) {
    await router.dispatch(contextOf(payload));
  }
  expect(bot.seen).toEqual([
    'command /deploy',
    'action button',
    'view V1',
    'closed V1',
    'shortcut message_action',
    'options Be',
    'unknown',
  ]);
});

describe.each(await sampleSets())('payloads of $origin', ({ interactions }) => {
  /** Returns the data that a handler receives from a payload. */
  const dataOf = ({ handler }: InteractionSample, payload: JsonObject): unknown => {
    if (handler === 'action' && Array.isArray(payload['actions'])) return payload['actions'][0];
    return handler === 'view' || handler === 'view closed' ? payload['view'] : payload;
  };

  test.each(interactions)('$name reaches the handlers of $handler and no other', async (sample) => {
    const payload = JSON.parse(sample.text) as JsonObject;
    const called = `${sample.handler.replace('view closed', 'closed')} ${sample.id}`;
    expect(await reached(payload, [sample.id, 'other'])).toEqual([[called, dataOf(sample, payload)]]);
  });
});
