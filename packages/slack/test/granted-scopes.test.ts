import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GrantedScopes } from '../src/granted-scopes.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('scopes are known only after an answer, until the trust time ends', () => {
  const scopes = new GrantedScopes(60_000);
  expect(scopes.current).toBeUndefined();
  scopes.learn('chat:write, users:read,');
  vi.advanceTimersByTime(59_999);
  expect(scopes.current).toEqual(['chat:write', 'users:read']);
  vi.advanceTimersByTime(1);
  expect(scopes.current).toBeUndefined();
});

test('each answer updates the scopes and renews the trust time', () => {
  const scopes = new GrantedScopes(60_000);
  scopes.learn('chat:write');
  vi.advanceTimersByTime(59_000);
  scopes.learn('chat:write,reactions:write');
  vi.advanceTimersByTime(59_000);
  expect(scopes.current).toEqual(['chat:write', 'reactions:write']);
});

test('an answer without the header changes nothing', () => {
  const scopes = new GrantedScopes(60_000);
  scopes.learn('chat:write');
  vi.advanceTimersByTime(30_000);
  scopes.learn(undefined);
  expect(scopes.current).toEqual(['chat:write']);
  vi.advanceTimersByTime(30_000);
  expect(scopes.current).toBeUndefined();
});
