import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { silentLogger } from '@slack-mcp/core';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Quota } from '../../../src/access/quota.ts';
import { type Session, SessionStore } from '../../../src/mcp/http/session-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const IDLE_MS = 60_000;

function openStore(total = 10) {
  const quota = new Quota(total);
  const store = new SessionStore({ idleMs: IDLE_MS, quota, logger: silentLogger });
  onTestFinished(() => store.close());
  const closed: string[] = [];
  const add = (id: string, more: Partial<Session> = {}): void =>
    store.add({ id, kind: 'streamable-http', caller: 'key:1', close: async () => void closed.push(id), ...more });
  return { quota, store, closed, add };
}

describe('the place of a session', () => {
  it('is free once the session has ended, however it ended', async () => {
    const { quota, store, add } = openStore();
    for (const id of ['a', 'b', 'c']) add(id);
    expect(quota.used).toBe(3);
    store.remove('a');
    store.remove('a');
    expect(quota.used).toBe(2);
    await store.endOf(new Set(['key:1']));
    expect([quota.used, store.size]).toEqual([0, 0]);
  });

  it('is taken by a new session of the same caller', () => {
    const { quota, store, closed, add } = openStore(4);
    add('a');
    vi.advanceTimersByTime(1);
    add('b');
    expect(store.makeRoom('key:1')).toBe(true);
    add('c');
    expect([closed, quota.used]).toEqual([['a'], 2]);
  });
});

describe('a session in use', () => {
  it('drops what it has stored for too long, and stays open', () => {
    const { store, closed, add } = openStore();
    const expire = vi.fn();
    add('a', { expire });
    store.hold('a', new ServerResponse(new IncomingMessage(new Socket())));
    vi.advanceTimersByTime(10 * IDLE_MS);
    expect(expire.mock.calls.length).toBeGreaterThan(10);
    expect(closed).toEqual([]);
  });
});
