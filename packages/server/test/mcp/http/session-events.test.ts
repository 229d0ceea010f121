import { describe, expect, it } from 'vitest';
import { Quota } from '../../../src/access/quota.ts';
import { type EventLimits, SessionEvents } from '../../../src/mcp/http/session-events.ts';

const LIMITS: EventLimits = { count: 5, bytes: 1_000, ageMs: 60_000 };
const OWN = { caller: undefined, limits: LIMITS };

function message(text: string) {
  return { jsonrpc: '2.0' as const, method: 'notifications/message', params: { text } };
}

async function replayed(events: SessionEvents, after: string): Promise<string[]> {
  const texts: string[] = [];
  await events.replayEventsAfter(after, {
    send: async (_id, { params }: { params?: unknown } & object) => {
      texts.push((params as { text: string }).text);
    },
  });
  return texts;
}

describe('the stored events of a session', () => {
  it('are replayed only for the stream of the given event', async () => {
    const events = new SessionEvents(new Quota(1_500), OWN);
    const first = await events.storeEvent('one', {} as never);
    await events.storeEvent('two', message('other'));
    await events.storeEvent('one', message('a'));
    await events.storeEvent('one', message('b'));
    expect(await replayed(events, first)).toEqual(['a', 'b']);
    expect(await events.getStreamIdForEventId(first)).toBe('one');
  });

  it('include events sent during a replay', async () => {
    const events = new SessionEvents(new Quota(1_500), OWN);
    const first = await events.storeEvent('one', message('a'));
    await events.storeEvent('one', message('b'));
    const texts: string[] = [];
    await events.replayEventsAfter(first, {
      send: async (_id, { params }: { params?: unknown } & object) => {
        texts.push((params as { text: string }).text);
        if (texts.length === 1) await events.storeEvent('one', message('c'));
      },
    });
    expect(texts).toEqual(['b', 'c']);
  });

  it('are limited in number: a dropped event is unknown, a stored one has all its successors', async () => {
    const events = new SessionEvents(new Quota(1_500), OWN);
    const ids: string[] = [];
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) ids.push(await events.storeEvent('one', message(text)));
    expect(ids.map((id) => events.find(id) !== undefined)).toEqual([false, false, true, true, true, true, true]);
    expect(await replayed(events, String(ids[2]))).toEqual(['d', 'e', 'f', 'g']);
    await expect(replayed(events, String(ids[0]))).rejects.toThrow('no longer stored');
  });

  it('are limited in bytes, per session and in total', async () => {
    const budget = new Quota(1_500);
    const [one, two] = [new SessionEvents(budget, OWN), new SessionEvents(budget, OWN)];
    const first = await one.storeEvent('s', message('x'.repeat(600)));
    const second = await one.storeEvent('s', message('x'.repeat(600)));
    expect([one.find(first), one.find(second)].map((event) => event !== undefined)).toEqual([false, true]);
    await two.storeEvent('s', message('x'.repeat(600)));
    const last = await two.storeEvent('s', message('x'.repeat(100)));
    expect(two.find(last)).toBeDefined();
    expect(budget.used).toBeLessThanOrEqual(1_500);
    one.clear();
    two.clear();
    expect(budget.used).toBe(0);
  });

  it('are limited per caller, without affecting others', async () => {
    const budget = new Quota(3_000);
    const sessions = ['greedy', 'greedy', 'greedy', 'modest'].map(
      (caller) => new SessionEvents(budget, { caller, limits: LIMITS }),
    );
    const ids: string[] = [];
    for (const events of sessions) ids.push(await events.storeEvent('s', message('x'.repeat(700))));
    expect(budget.heldBy('greedy')).toBeLessThanOrEqual(1_500);
    expect(sessions[3]?.find(String(ids[3]))).toBeDefined();
    for (const events of sessions) events.clear();
    expect(budget.used).toBe(0);
  });

  it('are dropped when they are old', async () => {
    const budget = new Quota(1_500);
    const events = new SessionEvents(budget, { caller: undefined, limits: { ...LIMITS, ageMs: 0 } });
    const id = await events.storeEvent('s', message('a'));
    events.expire();
    expect(events.find(id)).toBeUndefined();
    expect(budget.used).toBe(0);
  });

  it('have ids that no other session uses', async () => {
    const budget = new Quota(1_500);
    const [one, two] = [new SessionEvents(budget, OWN), new SessionEvents(budget, OWN)];
    const id = await one.storeEvent('s', message('a'));
    await two.storeEvent('s', message('b'));
    expect(two.find(id)).toBeUndefined();
    expect(one.find(id)).toBeDefined();
  });
});
