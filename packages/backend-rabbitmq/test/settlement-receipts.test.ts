import { expect, test, vi } from 'vitest';
import { SettlementReceipts } from '../src/settlement-receipts.ts';

/** Receipts whose requests the test answers. */
function receipts() {
  const requests: PromiseWithResolvers<void>[] = [];
  const confirmed: string[] = [];
  const under = new SettlementReceipts(() => {
    const request = Promise.withResolvers<void>();
    requests.push(request);
    return request.promise;
  });
  return {
    requests,
    confirmed,
    send: (name: string, count: number) =>
      under.received(count).then(
        () => confirmed.push(name),
        (error: Error) => confirmed.push(`${name}: ${error.message}`),
      ),
  };
}

test('a few settlements are confirmed by a request that is sent at once', async () => {
  const { requests, confirmed, send } = receipts();
  const sent = send('one', 1);
  expect(requests).toHaveLength(1);
  requests[0]?.resolve();
  await sent;
  expect(confirmed).toEqual(['one']);
});

test('settlements that are sent while a request is unanswered share the next request', async () => {
  const { requests, confirmed, send } = receipts();
  const all = [send('one', 1), send('two', 1), send('three', 1)];
  expect(requests).toHaveLength(1);
  requests[0]?.resolve();
  await expect.poll(() => requests).toHaveLength(2);
  expect(confirmed).toEqual(['one']);
  requests[1]?.resolve();
  await Promise.all(all);
  expect(confirmed).toEqual(['one', 'two', 'three']);
});

test('many settlements are confirmed by one request after the last of them', async () => {
  vi.useFakeTimers();
  try {
    const { requests, send } = receipts();
    for (let batch = 0; batch < 4; batch += 1) {
      void send(`batch ${batch}`, 100);
      vi.advanceTimersByTime(1);
    }
    expect(requests).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(requests).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

test('a series of settlements without a pause is confirmed after 500 settlements', () => {
  const { requests, send } = receipts();
  for (let batch = 0; batch < 4; batch += 1) void send(`batch ${batch}`, 100);
  expect(requests).toHaveLength(0);
  void send('last', 100);
  expect(requests).toHaveLength(1);
});

test('a request that fails rejects the settlements before it, and the next request is sent', async () => {
  const { requests, confirmed, send } = receipts();
  const all = [send('one', 1), send('two', 1)];
  requests[0]?.reject(new Error('closed'));
  await expect.poll(() => requests).toHaveLength(2);
  requests[1]?.reject(new Error('still closed'));
  await Promise.all(all);
  expect(confirmed).toEqual(['one: closed', 'two: still closed']);
});
