import type { TaskMessage, WaitOptions } from '@slack-mcp/core/backend';
import { expect, test } from 'vitest';
import { idsOf, request, timestamp } from './messages.ts';

/** The task message queue of a backend. */
export interface TaskQueueUnderTest {
  enqueue(taskId: string, message: never, sessionId?: string, maxSize?: number): Promise<void>;
  dequeue(taskId: string, sessionId?: string): Promise<TaskMessage | undefined>;
  dequeueAll(taskId: string, sessionId?: string): Promise<TaskMessage[]>;
  clear(taskId: string): Promise<TaskMessage[]>;
  peek(taskId: string): Promise<TaskMessage | undefined>;
  isEmpty(taskId: string): Promise<boolean>;
  size(taskId: string): Promise<number>;
  waitForMessage(taskId: string, options?: WaitOptions): Promise<boolean>;
  close(): Promise<void>;
}

const one = <Message>(id: number | string): Message => request<Message>(id);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, id) => id);

/**
 * Tests what every task message queue keeps.
 *
 * @param open - opens two queues that share their messages, like those of two processes, and closes them after the test
 */
export function testTaskQueue(open: () => [TaskQueueUnderTest, TaskQueueUnderTest]): void {
  test('keeps the order of the messages of a task, in any session', async () => {
    const [queue, other] = open();
    for (const id of [1, 2, 3]) await queue.enqueue('one', one(id), `session-${id}`);
    await queue.enqueue('two', one(9));
    expect(await other.peek('one')).toEqual(request(1));
    expect(await queue.size('one')).toBe(3);
    expect(idsOf([await other.dequeue('one', 'other'), await queue.dequeue('one')])).toEqual([1, 2]);
    expect(idsOf(await other.dequeueAll('one'))).toEqual([3]);
    expect(await queue.isEmpty('one')).toBe(true);
    expect(await queue.dequeue('one')).toBeUndefined();
    expect(await queue.dequeueAll('one')).toEqual([]);
    expect(await queue.peek('one')).toBeUndefined();
    expect(idsOf(await queue.clear('two'))).toEqual([9]);
  });

  test('keeps all four types of message', async () => {
    const [queue, other] = open();
    const messages: TaskMessage[] = [
      request('req-8'),
      { type: 'notification', message: { jsonrpc: '2.0', method: 'notifications/message' }, timestamp },
      { type: 'response', message: { jsonrpc: '2.0', id: 7, result: { text: 'Größe ✓ 😀' } }, timestamp },
      { type: 'error', message: { jsonrpc: '2.0', id: 7, error: { code: -32603, message: 'wrong' } }, timestamp },
    ];
    for (const message of messages) await queue.enqueue('task', message as never);
    expect(await other.dequeueAll('task')).toEqual(messages);
  });

  test('shows the first message as often as asked, without changing anything', async () => {
    const [queue, other] = open();
    for (const id of [1, 2, 3]) await queue.enqueue('task', one(id));
    for (let count = 0; count < 30; count += 1) {
      expect(idsOf([await (count % 2 ? queue : other).peek('task')])).toEqual([1]);
    }
    expect(await queue.size('task')).toBe(3);
    expect(idsOf([await queue.dequeue('task'), await queue.peek('task')])).toEqual([1, 2]);
    expect(idsOf(await other.dequeueAll('task'))).toEqual([2, 3]);
  });

  test('accepts 10 of 100 concurrent messages when 10 fit', async () => {
    const queues = open();
    const outcomes = await Promise.allSettled(
      numbers(100).map(async (id) => queues[id % 2]?.enqueue('task', one(id), undefined, 10)),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'ERR_QUEUE_FULL', retryable: true });
    expect(refused).toHaveLength(90);
    expect(await queues[0].dequeueAll('task')).toHaveLength(10);
    await queues[1].enqueue('task', one(1), undefined, 1);
    await expect(queues[0].enqueue('task', one(2), undefined, 1)).rejects.toMatchObject({ code: 'ERR_QUEUE_FULL' });
  });

  test('loses no message when all are taken while others are added', async () => {
    const [queue, other] = open();
    const ids = numbers(200);
    const writing = Promise.all(ids.map((id) => queue.enqueue('task', one(id))));
    const taken = await Promise.all(numbers(20).map((count) => (count % 2 ? queue : other).dequeueAll('task')));
    await writing;
    const all = idsOf([...taken.flat(), ...(await queue.dequeueAll('task'))]);
    expect(all.sort((a, b) => Number(a) - Number(b))).toEqual(ids);
  });

  test('distinguishes any two task ids', async () => {
    const [queue, other] = open();
    const ids = ['{a}', '%7Ba}', 'a b', 'ä', '{a}:call:1'];
    for (const id of ids) await queue.enqueue(id, one(id));
    for (const id of ids) expect(idsOf(await other.dequeueAll(id))).toEqual([id]);
  });

  test.each([Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY])('rejects a maximum of %s messages', async (size) => {
    const [queue] = open();
    const enqueueing = queue.enqueue('task', one(1), undefined, size);
    await expect(enqueueing).rejects.toMatchObject({ code: 'ERR_QUEUE_CONFIG' });
    expect(await queue.size('task')).toBe(0);
  });

  test('waits for a message of another process, and leaves it in the queue', async () => {
    const [queue, other] = open();
    const waiting = [queue.waitForMessage('task'), queue.waitForMessage('task')];
    const elsewhere = queue.waitForMessage('elsewhere', { timeoutMs: 300 });
    await other.enqueue('task', one(1));
    expect(await Promise.all(waiting)).toEqual([true, true]);
    expect(await queue.waitForMessage('task', { timeoutMs: 60_000 })).toBe(true);
    expect(await queue.size('task')).toBe(1);
    expect(await elsewhere).toBe(false);
  });

  test('overlooks no message of a concurrent producer', async () => {
    const [consumer, producer] = open();
    const ids = numbers(100);
    const taken: unknown[] = [];
    const consuming = (async () => {
      while (taken.length < ids.length) {
        await consumer.waitForMessage('task');
        const message = await consumer.dequeue('task');
        if (message !== undefined) taken.push(...idsOf([message]));
      }
    })();
    for (const id of ids) await producer.enqueue('task', one(id));
    await consuming;
    expect(taken).toEqual(ids);
  });

  test('ends a wait with its timeout, its signal, or the queue', async () => {
    const [queue] = open();
    expect(await queue.waitForMessage('task', { timeoutMs: 20 })).toBe(false);
    const controller = new AbortController();
    const aborted = queue.waitForMessage('task', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await expect(queue.waitForMessage('task', { signal: controller.signal })).rejects.toThrow('enough');
    const closed = expect(queue.waitForMessage('task')).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
    await queue.close();
    await closed;
  });

  test('refuses calls after close()', async () => {
    const [queue] = open();
    await queue.enqueue('task', one(1));
    await queue.close();
    await queue.close();
    const refusal = { code: 'ERR_QUEUE_CLOSED' };
    await expect(queue.dequeue('task')).rejects.toMatchObject(refusal);
    await expect(queue.enqueue('task', one(2))).rejects.toMatchObject(refusal);
    await expect(queue.waitForMessage('task')).rejects.toMatchObject(refusal);
  });
}
