import { expect, onTestFinished, test } from 'vitest';
import { ConfigurationError, ConnectionError } from '../src/contract/errors.ts';
import { type ArrivalListener, ArrivalWatcher } from '../src/task-queue/arrival-watcher.ts';

/** A watcher with a scripted broker. Each look at a queue waits for its answer. */
function watch(recheckIntervalMs = 2 ** 31 - 1) {
  const looks: PromiseWithResolvers<boolean>[] = [];
  const channel: string[] = [];
  let listener: ArrivalListener | undefined;
  const watcher = new ArrivalWatcher({
    openChannel(given) {
      listener = given;
      return {
        subscribe: (queue) => channel.push(`subscribe ${queue}`),
        unsubscribe: (queue) => channel.push(`unsubscribe ${queue}`),
        probe: () => channel.push('probe'),
        close: () => channel.push('close'),
      };
    },
    recheckIntervalMs,
    hasMessage() {
      const look = Promise.withResolvers<boolean>();
      looks.push(look);
      return look.promise;
    },
  });
  onTestFinished(() => watcher.close());
  return { watcher, looks, channel, notify: (queue: string) => listener?.onArrival(queue), listener: () => listener };
}

const nextLook = (looks: readonly unknown[], count: number): Promise<void> =>
  expect.poll(() => looks.length).toBe(count);

test('subscribes after an empty look, and unsubscribes when it has found a message', async () => {
  const { watcher, looks, channel, notify } = watch();
  const waiting = watcher.wait('queue', {});
  looks[0]?.resolve(false);
  await expect.poll(() => channel).toEqual(['subscribe queue']);
  notify('other');
  expect(looks).toHaveLength(1);
  notify('queue');
  await nextLook(looks, 2);
  looks[1]?.resolve(true);
  expect(await waiting).toBe(true);
  expect(channel).toEqual(['subscribe queue', 'unsubscribe queue']);
});

test('checks again after a notification or a subscription during a check', async () => {
  const { watcher, looks, notify, listener } = watch();
  const waiting = watcher.wait('queue', {});
  notify('queue');
  looks[0]?.resolve(false);
  await nextLook(looks, 2);
  listener()?.onSubscribed(['queue']);
  looks[1]?.resolve(false);
  await nextLook(looks, 3);
  looks[2]?.resolve(true);
  expect(await waiting).toBe(true);
});

test('keeps waiting while the broker is unavailable, and rejects when waiting is useless', async () => {
  const { watcher, looks, channel, notify } = watch();
  const waiting = watcher.wait('queue', {});
  looks[0]?.reject(new ConnectionError('down'));
  await expect.poll(() => channel).toEqual(['subscribe queue']);
  notify('queue');
  await nextLook(looks, 2);
  looks[1]?.reject(new ConfigurationError('wrong'));
  await expect(waiting).rejects.toMatchObject({ code: 'ERR_QUEUE_CONFIG' });
});

test('checks regularly, and probes the channel, only while a caller waits', async () => {
  const { watcher, looks, channel } = watch(5);
  const waiting = watcher.wait('queue', {});
  looks[0]?.resolve(false);
  await nextLook(looks, 2);
  looks[1]?.resolve(true);
  expect(await waiting).toBe(true);
  expect(channel).toContain('probe');
});

test('rejects all waiting callers when it is closed', async () => {
  const { watcher } = watch();
  const waiting = watcher.wait('queue', {});
  watcher.close();
  await expect(waiting).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
  await expect(watcher.wait('queue', {})).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
});
