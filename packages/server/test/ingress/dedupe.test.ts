import { ConnectionError, type JsonObject, payloadOf, type QueueBackend, QueueTimeoutError } from '@slack-mcp/core';
import { describe, expect, test, vi } from 'vitest';
import { createMemoryDedupeStore } from '../../src/ingress/memory-dedupe-store.ts';
import { createRecentIds } from '../../src/ingress/recent-ids.ts';
import { startIngress } from '../support/ingress-server.ts';
import { JSON_TYPE, signedHeaders } from '../support/signed.ts';

const BODY = event('Ev1');

function event(id: string): string {
  return JSON.stringify({ type: 'event_callback', event_id: id, event: { type: 'app_mention', channel: 'C1' } });
}

/** A broker that stores every publish, duplicates included, when the test allows it. */
function plainBroker() {
  const stored: JsonObject[] = [];
  const outcomes: (Promise<void> | (() => Promise<void>))[] = [];
  const publish: QueueBackend['publish'] = async (_key, payload) => {
    const outcome = outcomes.shift();
    await (typeof outcome === 'function' ? outcome() : outcome);
    stored.push(payloadOf(payload));
  };
  return { stored, outcomes, publish };
}

const fails = () => Promise.reject(new ConnectionError('the broker is unavailable', { retryable: true }));

async function start(options: Parameters<typeof startIngress>[1] = {}) {
  const broker = plainBroker();
  const server = await startIngress(broker, { dedupe: createMemoryDedupeStore(), ...options });
  const send = async (body = BODY, headers: Record<string, string> = {}) =>
    (await server.post('/slack/events', body, { ...signedHeaders(body), ...headers })).status;
  return { ...broker, ...server, send };
}

describe('a backend that stores duplicates', () => {
  test('answers a retry after a success with 200 without publishing it', async () => {
    const { send, stored, results } = await start();
    expect([await send(), await send(BODY, { 'x-slack-retry-num': '1' })]).toEqual([200, 200]);
    expect(stored).toHaveLength(1);
    expect(results).toEqual(['published', 'duplicate']);
  });

  test('publishes a retry after a failure', async () => {
    const { send, stored, outcomes } = await start();
    outcomes.push(fails, fails);
    expect([await send(), await send(), await send(), await send()]).toEqual([503, 503, 200, 200]);
    expect(stored).toHaveLength(1);
  });

  test('lets the second of two concurrent requests wait for the first, and skips it if the first succeeds', async () => {
    const { send, stored, outcomes, ingress } = await start();
    const gate = Promise.withResolvers<void>();
    outcomes.push(gate.promise);
    const both = [send(), send()];
    await vi.waitFor(() => expect(ingress.admission.inFlight).toBe(2), 10_000);
    expect(stored).toHaveLength(0);
    gate.resolve();
    expect(await Promise.all(both)).toEqual([200, 200]);
    expect(stored).toHaveLength(1);
  });

  test('publishes one of many concurrent requests in place of a failed first one', async () => {
    const { send, stored, outcomes, ingress } = await start();
    const gate = Promise.withResolvers<void>();
    outcomes.push(gate.promise);
    const all = Array.from({ length: 10 }, () => send());
    await vi.waitFor(() => expect(ingress.admission.inFlight).toBe(10), 10_000);
    gate.reject(new ConnectionError('lost', { retryable: true }));
    expect((await Promise.all(all)).sort()).toEqual([...Array(9).fill(200), 503]);
    expect(stored).toHaveLength(1);
  });

  test('remembers a publish confirmed after a 503, and does not publish the retry', async () => {
    const { send, stored, outcomes, results } = await start({ publishTimeoutMs: 50 });
    const late = Promise.withResolvers<void>();
    outcomes.push(late.promise);
    expect(await send()).toBe(503);
    late.resolve();
    await vi.waitFor(() => expect(stored).toHaveLength(1), 10_000);
    expect(await send()).toBe(200);
    expect(stored).toHaveLength(1);
    expect(results).toEqual(['queue_unavailable', 'duplicate']);
  });

  test('blocks nothing behind a publish that never finishes', async () => {
    const { send, stored, outcomes } = await start({ publishTimeoutMs: 50 });
    outcomes.push(new Promise(() => {}));
    expect([await send(), await send()]).toEqual([503, 200]);
    expect(stored).toHaveLength(1);
  });

  test('treats other ids as other events', async () => {
    const { send, stored } = await start();
    expect([await send(event('Ev1')), await send(event('Ev2')), await send(event(''))]).toEqual([200, 200, 200]);
    expect(stored).toHaveLength(3);
  });

  test('publishes a duplicate rather than lose an event when the store fails', async () => {
    const dedupe = { claim: () => Promise.reject(new Error('no connection')) };
    const { send, stored, log } = await start({ dedupe });
    expect([await send(), await send()]).toEqual([200, 200]);
    expect(stored).toHaveLength(2);
    expect(log.join()).toMatch(/webhook_dedupe_failed/);
  });

  test('answers 503 and publishes nothing while another request holds the claim', async () => {
    const dedupe = { claim: () => Promise.reject(new QueueTimeoutError('another request holds it')) };
    const { send, stored, results } = await start({ dedupe });
    expect(await send()).toBe(503);
    expect(stored).toHaveLength(0);
    expect(results).toEqual(['queue_unavailable']);
  });

  test('waits for a claim only as long as the request may take', async () => {
    const given: number[] = [];
    const claim = { confirm: async () => {}, release: async () => {} };
    const dedupe = {
      claim: async (_id: string, timeoutMs: number) => {
        given.push(timeoutMs);
        return claim;
      },
    };
    const { send, post } = await start({ dedupe, publishTimeoutMs: 60_000 });
    expect(await send()).toBe(200);
    // Slack does not repeat a command, and shows its user an error after 3 seconds.
    const command = new URLSearchParams({ command: '/deploy', trigger_id: '1' }).toString();
    const headers = { ...signedHeaders(command), 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post('/slack/commands', command, headers)).status).toBe(200);
    expect(given.map((ms) => (ms <= 2_000 ? 'short' : ms <= 60_000 ? 'long' : 'too long'))).toEqual(['long', 'short']);
  });

  test('reports each event once to what observes published events', async () => {
    const published: string[] = [];
    const { send } = await start({ onPublished: ({ messageId }) => published.push(messageId) });
    expect([await send(), await send(), await send(event('Ev2'))]).toEqual([200, 200, 200]);
    expect(published).toEqual(['Ev1', 'Ev2']);
  });

  test('answers 200 when the confirmation in the store fails', async () => {
    const claim = { confirm: () => Promise.reject(new Error('no connection')), release: async () => {} };
    const { send, stored } = await start({ dedupe: { claim: async () => claim } });
    expect(await send()).toBe(200);
    expect(stored).toHaveLength(1);
  });

  test('does not claim an id for an unsigned copy', async () => {
    const { post, send, stored } = await start();
    expect((await post('/slack/events', BODY, { 'content-type': JSON_TYPE })).status).toBe(401);
    expect(await send()).toBe(200);
    expect(stored).toHaveLength(1);
  });
});

describe('the in-memory store', () => {
  test('does not wait forever for another claim', async () => {
    const store = createMemoryDedupeStore();
    await store.claim('a', 1_000);
    await expect(store.claim('a', 10)).rejects.toThrow(QueueTimeoutError);
  });

  test('forgets ids after its window', async () => {
    let now = 0;
    const store = createMemoryDedupeStore({ windowMs: 100, now: () => now });
    const claim = await store.claim('a', 1_000);
    if (claim === 'published') throw new Error('nothing was published yet');
    await claim.confirm();
    now = 99;
    expect(await store.claim('a', 1_000)).toBe('published');
    now = 100;
    expect(await store.claim('a', 1_000)).toHaveProperty('confirm');
  });
});

test('bounds recent ids in number and time', () => {
  let now = 0;
  const ids = createRecentIds({ windowMs: 10, maxIds: 3, now: () => now });
  for (const id of ['a', 'b', 'c', 'a', 'd']) ids.add(id);
  expect([...'abcd'].map((id) => ids.has(id))).toEqual([true, false, true, true]);
  expect(ids.size).toBe(3);
  now = 10;
  expect(ids.has('d')).toBe(false);
  ids.add('e');
  expect(ids.size).toBe(1);
});
