import type { IdempotencyStore } from '@slack-mcp/core';
import { SlackApiError, SlackNetworkError, SlackRateLimitedError } from '@slack-mcp/slack';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Idempotency } from '../../../src/tools/gates/idempotency/idempotency.ts';
import { createMemoryIdempotencyStore } from '../../../src/tools/gates/idempotency/memory-idempotency-store.ts';

function idempotency(store: IdempotencyStore = createMemoryIdempotencyStore(), scope = 'T1 ') {
  const log = capturedLog();
  const { signal } = new AbortController();
  let runs = 0;
  const subject = new Idempotency(store, { scope, logger: log });
  return {
    log,
    get runs() {
      return runs;
    },
    once: (key: string, text: string, run: () => Promise<{ ts: string }> = async () => ({ ts: `${runs}` })) =>
      subject.once({
        key,
        content: { text },
        signal,
        run: () => {
          runs += 1;
          return run();
        },
      }),
  };
}

describe('an idempotency key', () => {
  it('returns the same result again without another call', async () => {
    const at = idempotency();
    expect(await at.once('a', 'text')).toEqual({ ts: '1' });
    expect(await at.once('a', 'text')).toEqual({ ts: '1' });
    expect(await at.once('b', 'text')).toEqual({ ts: '2' });
  });

  it('returns one result to all concurrent callers', async () => {
    const at = idempotency();
    const results = await Promise.all(Array.from({ length: 50 }, () => at.once('a', 'text')));
    expect(new Set(results.map(({ ts }) => ts))).toEqual(new Set(['1']));
    expect(at.runs).toBe(1);
  });

  it('is rejected for another call, also while the first is in progress', async () => {
    const at = idempotency();
    const first = at.once('a', 'text');
    await expect(at.once('a', 'another')).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    await first;
    await expect(at.once('a', 'another')).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    expect(at.runs).toBe(1);
  });

  it.each([
    ['that Slack refused', new SlackApiError('chat.postMessage', 'not_in_channel')],
    ['that Slack limited', new SlackRateLimitedError('chat.postMessage', 30)],
    ['that never reached Slack', new SlackNetworkError('chat.postMessage', 'unreachable')],
  ])('may be used again for a call %s', async (_name, error) => {
    const at = idempotency();
    await expect(at.once('a', 'text', () => Promise.reject(error))).rejects.toBe(error);
    expect(await at.once('a', 'text')).toEqual({ ts: '2' });
  });

  it.each<[string, Error]>([
    ['whose answer was lost', new SlackNetworkError('chat.postMessage', 'connection_lost')],
    ...['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout'].map((code): [string, Error] => [
      `that failed inside Slack: ${code}`,
      new SlackApiError('chat.postMessage', code),
    ]),
    ['that was cancelled', new Error('aborted')],
  ])('does not repeat a call %s, and says what to do', async (_name, error) => {
    const at = idempotency();
    await expect(at.once('a', 'text', () => Promise.reject(error))).rejects.toBe(error);
    await expect(at.once('a', 'text')).rejects.toMatchObject({ code: 'idempotency_uncertain' });
    await expect(at.once('a', 'text')).rejects.toMatchObject({
      nextStep: expect.stringContaining('Check the channel'),
    });
    expect(at.runs).toBe(1);
  });

  it('has an uncertain outcome for callers that share a call cancelled by its owner', async () => {
    const at = idempotency();
    const owner = at.once('a', 'text', () => Promise.reject(new Error('aborted')));
    const other = at.once('a', 'text');
    await expect(owner).rejects.toThrow('aborted');
    await expect(other).rejects.toMatchObject({ code: 'idempotency_uncertain' });
  });

  it('is remembered across restarts by a store', async () => {
    const store = createMemoryIdempotencyStore();
    expect(await idempotency(store).once('a', 'text')).toEqual({ ts: '1' });
    const restarted = idempotency(store);
    expect(await restarted.once('a', 'text')).toEqual({ ts: '1' });
    expect(restarted.runs).toBe(0);
  });

  it('is separate for each workspace with a shared store', async () => {
    const store = createMemoryIdempotencyStore();
    await idempotency(store).once('a', 'text');
    const other = idempotency(store, 'T2 ');
    expect(await other.once('a', 'another text')).toEqual({ ts: '1' });
    expect(other.runs).toBe(1);
  });

  it('is separate for each caller, whatever their names', async () => {
    const { signal } = new AbortController();
    const subject = new Idempotency(createMemoryIdempotencyStore(), { scope: 'T1 ', logger: capturedLog() });
    let runs = 0;
    const run = async () => {
      runs += 1;
      return { ts: `${runs}` };
    };
    const once = (caller: string | undefined, key: string) =>
      subject.once({ caller, key, content: { text: 'text' }, signal, run });
    const pairs = [
      [undefined, '1'],
      ['a', '1'],
      ['b', '1'],
      ['a\n', '1'],
      ['a', '\n1'],
    ] as const;
    for (let round = 0; round < 2; round += 1) await Promise.all(pairs.map(([caller, key]) => once(caller, key)));
    expect(runs).toBe(pairs.length);
  });

  it('returns a result that cannot be recorded, and is uncertain from then on', async () => {
    const store = createMemoryIdempotencyStore();
    const at = idempotency({ ...store, complete: () => Promise.reject(new Error('disk full')) });
    expect(await at.once('a', 'text')).toEqual({ ts: '1' });
    expect(at.log.lines.map(({ event }) => event)).toEqual(['idempotency_store_failed']);
    await expect(at.once('a', 'text')).rejects.toMatchObject({ code: 'idempotency_uncertain' });
  });
});

describe('a shared store', () => {
  const shared = () => ({ ...createMemoryIdempotencyStore(), abandon: vi.fn(async () => {}) });

  it('is informed when the outcome of a call is unknown, and only then', async () => {
    const store = shared();
    const at = idempotency(store);
    await at.once('a', 'text');
    await expect(
      at.once('b', 'text', () => Promise.reject(new SlackApiError('chat.postMessage', 'x'))),
    ).rejects.toThrow();
    expect(store.abandon).not.toHaveBeenCalled();
    const lost = new SlackNetworkError('chat.postMessage', 'connection_lost');
    await expect(at.once('c', 'text', () => Promise.reject(lost))).rejects.toBe(lost);
    expect(store.abandon).toHaveBeenCalledExactlyOnceWith('T1 c');
  });

  it('keeps the key free for a call that was cancelled before it began', async () => {
    const store = createMemoryIdempotencyStore();
    const ending = new AbortController();
    const claim: IdempotencyStore['claim'] = (...args) => {
      ending.abort(new Error('cancelled'));
      return store.claim(...args);
    };
    const subject = new Idempotency({ ...store, claim }, { scope: 'T1 ', logger: capturedLog() });
    const request = { key: 'a', content: { text: 'text' }, run: async () => ({ ts: '1' }) };
    await expect(subject.once({ ...request, signal: ending.signal })).rejects.toThrow('cancelled');
    expect(await idempotency(store).once('a', 'text')).toEqual({ ts: '1' });
  });
});

describe('the in-memory store', () => {
  it('rejects a key beyond its limit, and drops none', async () => {
    const store = createMemoryIdempotencyStore({ maxKeys: 2 });
    for (const key of ['a', 'b']) await store.claim(key, 'f');
    await expect(store.claim('c', 'f')).rejects.toMatchObject({ code: 'idempotency_full' });
    expect(await store.claim('a', 'f')).toBeDefined();
    await store.release('a');
    expect(await store.claim('c', 'f')).toBeUndefined();
  });

  it('limits the keys of each caller, so that none uses the room of another', async () => {
    const store = createMemoryIdempotencyStore({ maxKeysPerCaller: 3 });
    for (let index = 0; index < 3; index += 1)
      expect(await store.claim(`greedy ${index}`, 'f', 'greedy')).toBeUndefined();
    await expect(store.claim('greedy 3', 'f', 'greedy')).rejects.toMatchObject({ code: 'idempotency_full' });
    expect(await store.claim('modest', 'f', 'modest')).toBeUndefined();
    expect(await store.claim('of no caller', 'f')).toBeUndefined();
    for (let index = 0; index < 3; index += 1)
      expect(await store.claim(`greedy ${index}`, 'f', 'greedy')).toBeDefined();
    expect(await store.claim('modest', 'f', 'modest')).toBeDefined();
  });

  it('counts each key of a caller once until it is released', async () => {
    const store = createMemoryIdempotencyStore({ maxKeysPerCaller: 2 });
    await store.claim('a', 'f', 'one');
    await store.complete('a', { ts: '1' });
    expect(await store.claim('b', 'f', 'one')).toBeUndefined();
    await expect(store.claim('c', 'f', 'one')).rejects.toMatchObject({ code: 'idempotency_full' });
    await store.release('a');
    expect(await store.claim('c', 'f', 'one')).toBeUndefined();
    await expect(store.claim('d', 'f', 'one')).rejects.toMatchObject({ code: 'idempotency_full' });
  });

  it('accepts a key again when it expires, not before', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const store = createMemoryIdempotencyStore({ ttlMs: 1_000 });
    await store.claim('a', 'f');
    await store.complete('a', { ts: '1' });
    vi.advanceTimersByTime(999);
    expect(await store.claim('a', 'f')).toMatchObject({ result: { ts: '1' } });
    vi.advanceTimersByTime(1);
    expect(await store.claim('a', 'f')).toBeUndefined();
    expect(await store.claim('a', 'f')).not.toHaveProperty('result');
  });

  it('makes room when a key expires, not before', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const store = createMemoryIdempotencyStore({ maxKeysPerCaller: 1, ttlMs: 1_000 });
    await store.claim('a', 'f', 'one');
    vi.advanceTimersByTime(999);
    expect(await store.claim('a', 'f', 'one')).toBeDefined();
    await expect(store.claim('b', 'f', 'one')).rejects.toMatchObject({ code: 'idempotency_full' });
    vi.advanceTimersByTime(1);
    expect(await store.claim('b', 'f', 'one')).toBeUndefined();
    expect(await store.claim('a', 'f')).toBeUndefined();
  });
});

describe('a call whose key does not fit', () => {
  it('posts nothing, and says what to do', async () => {
    const at = idempotency(createMemoryIdempotencyStore({ maxKeys: 1 }));
    await at.once('a', 'text');
    await expect(at.once('b', 'text')).rejects.toMatchObject({
      code: 'idempotency_full',
      nextStep: expect.stringContaining('without a key'),
    });
    expect(at.runs).toBe(1);
    expect(at.log.lines).toEqual([]);
  });
});

describe('a store that cannot record a key', () => {
  it('prevents the call', async () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const at = idempotency({ ...createMemoryIdempotencyStore(), claim: () => Promise.reject(full) });
    await expect(at.once('a', 'text')).rejects.toMatchObject({ code: 'idempotency_unavailable' });
    expect(at.runs).toBe(0);
    expect(at.log.lines).toMatchObject([{ event: 'idempotency_store_failed', fields: { error: 'ENOSPC' } }]);
  });
});
