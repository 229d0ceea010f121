import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CredentialWatch } from '../../src/access/credential-watch.ts';
import type { Caller } from '../../src/tools/caller.ts';

const DAY = 24 * 60 * 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Something that a caller has open, whose credential ends after so many milliseconds. */
function open(kind: 'stream' | 'request', lastsMs: number, watch: CredentialWatch = new CredentialWatch()) {
  const caller: Caller = { id: 'jwt:alice', kind: 'jwt', rights: 'read', expiresAt: Date.now() + lastsMs };
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  watch.watch(caller, response, kind);
  return { caller, response };
}

it('ends a stream with its credential', () => {
  const { response } = open('stream', 60_000);
  vi.advanceTimersByTime(59_999);
  expect(response.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(response.destroyed).toBe(true);
});

it('lets a request be answered for half a minute more', () => {
  const { response } = open('request', 60_000);
  vi.advanceTimersByTime(89_999);
  expect(response.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(response.destroyed).toBe(true);
});

it('gives a stream whose token was accepted by the leeway of clocks that half minute, too', () => {
  const { response } = open('stream', -10_000);
  vi.advanceTimersByTime(19_999);
  expect(response.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(response.destroyed).toBe(true);
});

it.each(['stream', 'request'] as const)('leaves a %s alone whose credential lasts for months', (kind) => {
  const { response } = open(kind, 60 * DAY);
  vi.advanceTimersByTime(20 * DAY);
  expect(response.destroyed).toBe(false);
});

it('ends what is open for a revoked credential, and nothing else', () => {
  const watch = new CredentialWatch();
  const [hers, his] = [open('stream', DAY, watch), open('stream', DAY, watch)];
  watch.revoke(new Set([hers.caller]));
  expect([hers.response.destroyed, his.response.destroyed]).toEqual([true, false]);
});
