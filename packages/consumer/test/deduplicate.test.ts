import { expect, test } from 'vitest';
import { deduplicate } from '../src/deduplicate.ts';
import { contextOf } from './support/message.ts';

const contextWith = (messageId: string, key = 'a') => contextOf({}, { messageId, key });

test('skips a handled message, only under its own key', async () => {
  const once = deduplicate();
  let handled = 0;
  const next = async (): Promise<void> => {
    handled += 1;
  };
  await once(contextWith('1'), next);
  await once(contextWith('1'), next);
  expect(handled).toBe(1);
  await once(contextWith('1', 'b'), next);
  await once(contextWith('2'), next);
  expect(handled).toBe(3);
});

test('does not remember a failure', async () => {
  const once = deduplicate();
  await expect(once(contextWith('1'), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const log: string[] = [];
  await once(contextWith('1'), async () => void log.push('handled'));
  expect(log).toEqual(['handled']);
});

test('makes concurrent copies wait for the first: skips them if it succeeds, handles one if it fails', async () => {
  const once = deduplicate();
  const first = Promise.withResolvers<void>();
  const log: string[] = [];
  const running = [
    once(contextWith('1'), () => first.promise),
    once(contextWith('1'), async () => void log.push('second')),
    once(contextWith('1'), async () => void log.push('third')),
  ] as const;
  first.reject(new Error('broken'));
  const [outcome] = await Promise.allSettled(running);
  expect(outcome.status).toBe('rejected');
  expect(log).toEqual(['second']);
});

test('does not block a redelivery by an abandoned handler, whose end is still reported', async () => {
  const late = Promise.withResolvers<void>();
  const once = deduplicate();
  const given = new AbortController();
  const abandoned = once({ ...contextWith('1'), signal: given.signal }, () => late.promise);
  given.abort(new Error('timed out'));
  const log: string[] = [];
  await once(contextWith('1'), async () => void log.push('again'));
  expect(log).toEqual(['again']);
  late.reject(new Error('too late'));
  await expect(abandoned).rejects.toThrow('too late');
});

test('forgets messages older than the window or above the limit', async () => {
  let time = 0;
  const once = deduplicate({ windowMs: 100, maxEntries: 2, now: () => time });
  const log: string[] = [];
  const handle = (id: string): Promise<void> => once(contextWith(id), async () => void log.push(id));
  await handle('1');
  time = 99;
  await handle('1');
  expect(log).toEqual(['1']);
  time = 100;
  await handle('1');
  expect(log).toEqual(['1', '1']);
  await handle('2');
  await handle('3');
  await handle('1');
  expect(log).toEqual(['1', '1', '2', '3', '1']);
});
