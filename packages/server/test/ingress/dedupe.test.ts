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

/** A broker that stores whatever it is given, as often as it is given it, when the test says so. */
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

const fails = () => Promise.reject(new ConnectionError('the broker is away', { retryable: true }));

async function start(options: Parameters<typeof startIngress>[1] = {}) {
  const broker = plainBroker();
  const server = await startIngress(broker, { dedupe: createMemoryDedupeStore(), ...options });
  const send = async (body = BODY, headers: Record<string, string> = {}) =>
    (await server.post('/slack/events', body, { ...signedHeaders(body), ...headers })).status;
  return { ...broker, ...server, send };
}

describe('a backend that stores what it is given twice', () => {
  test('a retry after a success is answered 200 and not published', async () => {
    const { send, stored, results } = await start();
    expect([await send(), await send(BODY, { 'x-slack-retry-num': '1' })]).toEqual([200, 200]);
    expect(stored).toHaveLength(1);
    expect(results).toEqual(['published', 'duplicate']);
  });

  test('a retry after a failure is published', async () => {
    const { send, stored, outcomes } = await start();
    outcomes.push(fails, fails);
    expect([await send(), await send(), await send(), await send()]).toEqual([503, 503, 200, 200]);
    expect(stored).toHaveLength(1);
  });

  test('the second of two at once waits for the first, and does nothing where that succeeds', async () => {
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

  test('of many at once where the first fails, one takes its place', async () => {
    const { send, stored, outcomes, ingress } = await start();
    const gate = Promise.withResolvers<void>();
    outcomes.push(gate.promise);
    const all = Array.from({ length: 10 }, () => send());
    await vi.waitFor(() => expect(ingress.admission.inFlight).toBe(10), 10_000);
    gate.reject(new ConnectionError('lost', { retryable: true }));
    expect((await Promise.all(all)).sort()).toEqual([...Array(9).fill(200), 503]);
    expect(stored).toHaveLength(1);
  });

  test('what is confirmed after 503 was answered is remembered: the retry is not published', async () => {
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

  test('a publish that never ends holds nothing back', async () => {
    const { send, stored, outcomes } = await start({ publishTimeoutMs: 50 });
    outcomes.push(new Promise(() => {}));
    expect([await send(), await send()]).toEqual([503, 200]);
    expect(stored).toHaveLength(1);
  });

  test('other ids are other events', async () => {
    const { send, stored } = await start();
    expect([await send(event('Ev1')), await send(event('Ev2')), await send(event(''))]).toEqual([200, 200, 200]);
    expect(stored).toHaveLength(3);
  });

  test('a store that fails costs a duplicate, never an event', async () => {
    const dedupe = { claim: () => Promise.reject(new Error('no connection')) };
    const { send, stored, log } = await start({ dedupe });
    expect([await send(), await send()]).toEqual([200, 200]);
    expect(stored).toHaveLength(2);
    expect(log.join()).toMatch(/webhook_dedupe_failed/);
  });

  test('a store whose confirmation fails leaves the answer 200', async () => {
    const claim = { confirm: () => Promise.reject(new Error('no connection')), release: async () => {} };
    const { send, stored } = await start({ dedupe: { claim: async () => claim } });
    expect(await send()).toBe(200);
    expect(stored).toHaveLength(1);
  });

  test('an unsigned copy does not claim an id', async () => {
    const { post, send, stored } = await start();
    expect((await post('/slack/events', BODY, { 'content-type': JSON_TYPE })).status).toBe(401);
    expect(await send()).toBe(200);
    expect(stored).toHaveLength(1);
  });
});

describe('the store in memory', () => {
  test('does not wait for ever for somebody else', async () => {
    const store = createMemoryDedupeStore();
    await store.claim('a', 1_000);
    await expect(store.claim('a', 10)).rejects.toThrow(QueueTimeoutError);
  });

  test('forgets after its window', async () => {
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

test('recent ids are bounded in number and in time', () => {
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
