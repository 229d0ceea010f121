import type { JsonObject } from '@slack-mcp/core';
import { describe, expect, test, vi } from 'vitest';
import type { Responders } from '../../src/ingress/responders.ts';
import { memoryBackend, startIngress, take } from '../support/ingress-server.ts';
import { FORM_TYPE, form, JSON_TYPE, signedHeaders } from '../support/signed.ts';

const VIEW = { type: 'view_submission', trigger_id: '1', view: { callback_id: 'v', blocks: [] } };
const SUGGESTION = { type: 'block_suggestion', action_id: 'a', value: 'x' };

async function start(responders: Responders, backend = memoryBackend()) {
  const server = await startIngress(backend, { responders, respondTimeoutMs: 100 });
  const send = async (body: string, type = FORM_TYPE) => {
    const response = await server.post('/slack/interactivity', body, signedHeaders(body, { type }));
    const text = await response.text();
    return [response.status, text === '' ? undefined : (JSON.parse(text) as unknown)];
  };
  const interact = (payload: JsonObject) => send(form({ payload: JSON.stringify(payload) }));
  const command = () => send(form({ command: '/deploy', text: 'now', trigger_id: '2' }));
  return { ...server, backend, send, interact, command };
}

describe("a responder's answer", () => {
  test('is returned to a submitted view, an options request and a command; the queue receives all of them', async () => {
    const answer = { response_action: 'errors', errors: { b: 'too late' } };
    const { interact, command, backend } = await start({
      onViewSubmission: async (payload) => ({
        ...answer,
        view: (payload['view'] as JsonObject)['callback_id'] ?? null,
      }),
      onOptions: (payload) => ({
        options: [{ text: { type: 'plain_text', text: payload['value'] ?? '' }, value: '1' }],
      }),
      onCommand: ({ command: name, text }) => ({ response_type: 'ephemeral', text: `${String(name)} ${String(text)}` }),
    });
    expect(await interact(VIEW)).toEqual([200, { ...answer, view: 'v' }]);
    expect(await interact(SUGGESTION)).toEqual([
      200,
      { options: [{ text: { type: 'plain_text', text: 'x' }, value: '1' }] },
    ]);
    expect(await command()).toEqual([200, { response_type: 'ephemeral', text: '/deploy now' }]);
    const kinds = (await take(backend, 3)).map(({ metadata }) => metadata.headers['kind']);
    expect(kinds).toEqual(['view_submission', 'block_suggestion', 'slash_command']);
  });

  test('is the default when the responder returns nothing or does not exist', async () => {
    const nothing = () => undefined;
    for (const responders of [{ onViewSubmission: nothing, onOptions: nothing, onCommand: nothing }, {}]) {
      const { interact, command } = await start(responders);
      expect(await interact(VIEW)).toEqual([200, undefined]);
      expect(await interact(SUGGESTION)).toEqual([200, { options: [] }]);
      expect(await command()).toEqual([200, undefined]);
    }
  });

  const cyclic: JsonObject = {};
  cyclic['self'] = cyclic;
  test.each<[string, Responders['onCommand'], RegExp]>([
    ['throws', () => Promise.reject(new Error('no database')), /no database/],
    [
      'throws at once',
      () => {
        throw new Error('broken');
      },
      /broken/,
    ],
    ['never resolves', () => new Promise(() => {}), /the responder did not answer within 100 ms/],
    ['returns a value that is not an object', () => 'text' as never, /JSON object/],
    ['returns a value that is not JSON', () => cyclic, /cycle/],
  ])('is the default, with a log entry, when the responder %s', async (_name, responder, logged) => {
    const { interact, command, log, results } = await start({
      onOptions: responder,
      onCommand: responder,
    } as Responders);
    expect(await interact(SUGGESTION)).toEqual([200, { options: [] }]);
    expect(await command()).toEqual([200, undefined]);
    expect(results).toEqual(['published', 'published']);
    expect(log.filter((line) => line.startsWith('error')).join()).toMatch(logged);
  });

  test('aborts the signal of a responder that is too late', async () => {
    const aborted = vi.fn();
    const { command } = await start({
      onCommand: (_payload, { signal }) =>
        new Promise(() => signal.addEventListener('abort', () => aborted(signal.aborted))),
    });
    await command();
    expect(aborted).toHaveBeenCalledWith(true);
  });

  test('is replaced by the notice that the queue did not accept the input', async () => {
    const { command, backend } = await start({ onCommand: () => ({ text: 'done!' }) });
    await backend.close();
    expect(await command()).toEqual([
      200,
      expect.objectContaining({ text: expect.stringMatching(/check before you try again/) }),
    ]);
  });

  test('cannot change the queued payload', async () => {
    const { command, backend } = await start({
      onCommand: (payload) => {
        payload['text'] = 'changed';
        return undefined;
      },
    });
    await command();
    expect((await take(backend, 1))[0]?.payload['text']).toBe('now');
  });

  test('is never requested for an event', async () => {
    const onCommand = vi.fn(() => undefined);
    const { send } = await start({ onCommand, onOptions: onCommand, onViewSubmission: onCommand });
    const body = JSON.stringify({ type: 'event_callback', event: { type: 'view_submission' } });
    expect(await send(body, JSON_TYPE)).toEqual([200, undefined]);
    expect(onCommand).not.toHaveBeenCalled();
  });
});

describe('the header of the response to a submitted view reports how it was answered', () => {
  const errors = { response_action: 'errors', errors: { b: 'too late' } };
  test.each<[string, Responders, string]>([
    ['refused with errors', { onViewSubmission: () => errors }, 'refused'],
    ['refused after a while', { onViewSubmission: async () => errors }, 'refused'],
    ['updated', { onViewSubmission: () => ({ response_action: 'update', view: {} }) }, 'accepted'],
    ['closed', { onViewSubmission: () => undefined }, 'accepted'],
    ['closed because the responder threw', { onViewSubmission: () => Promise.reject(new Error('broken')) }, 'accepted'],
    ['closed without a responder', {}, 'accepted'],
  ])('%s', async (_name, responders, answer) => {
    const { interact, backend } = await start(responders);
    await interact(VIEW);
    expect((await take(backend, 1))[0]?.metadata.headers['x-view-answer']).toBe(answer);
  });

  test('only submitted views have the header', async () => {
    const { interact, command, backend } = await start({});
    await interact(SUGGESTION);
    await command();
    for (const { metadata } of await take(backend, 2)) expect(metadata.headers).not.toHaveProperty('x-view-answer');
  });
});
