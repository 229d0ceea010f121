import type { TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import { afterEach, expect, test, vi } from 'vitest';
import { MemoryTaskMessageQueue, MemoryTaskStore, openTaskQueues } from '../../src/task-queue/index.ts';

const REQUEST = { method: 'tools/call', params: { name: 'read' } };

const create = (store: TaskStore, sessionId?: string, ttl?: number | null) =>
  store.createTask(ttl === undefined ? {} : { ttl }, 1, REQUEST, sessionId);

afterEach(() => {
  vi.useRealTimers();
});

test('a task starts with status working and ends once', async () => {
  const store = new MemoryTaskStore();
  const { taskId } = await create(store);
  expect(taskId).toMatch(/^[0-9a-f]{32}$/);
  expect(await store.getTask(taskId)).toMatchObject({ status: 'working', ttl: 86_400_000, pollInterval: 1000 });
  await store.updateTaskStatus(taskId, 'working', 'Half of it');
  await store.storeTaskResult(taskId, 'completed', { content: [] });
  expect(await store.getTask(taskId)).toMatchObject({ status: 'completed', statusMessage: 'Half of it' });
  expect(await store.getTaskResult(taskId)).toEqual({ content: [] });
  await expect(store.storeTaskResult(taskId, 'failed', {})).rejects.toThrow(/terminal status 'completed'/);
  await expect(store.updateTaskStatus(taskId, 'cancelled')).rejects.toThrow(/terminal/);
});

test('copies results; a result that is not JSON leaves the task unchanged', async () => {
  const store = new MemoryTaskStore();
  const { taskId } = await create(store);
  await expect(store.storeTaskResult(taskId, 'completed', { size: 1n })).rejects.toMatchObject({
    code: 'ERR_QUEUE_SERIALIZATION',
  });
  expect(await store.getTask(taskId)).toMatchObject({ status: 'working' });
  await expect(store.getTaskResult(taskId)).rejects.toThrow('no result');
  const result = { content: [{ type: 'text', text: 'one' }] };
  await store.storeTaskResult(taskId, 'completed', result);
  result.content.length = 0;
  expect(await store.getTaskResult(taskId)).toEqual({ content: [{ type: 'text', text: 'one' }] });
});

test('hides a task from other sessions', async () => {
  const store = new MemoryTaskStore();
  const { taskId } = await create(store, 'one');
  await create(store, 'two');
  expect(await store.getTask(taskId, 'two')).toBeNull();
  await expect(store.storeTaskResult(taskId, 'completed', {}, 'two')).rejects.toThrow('not found');
  await expect(store.updateTaskStatus(taskId, 'cancelled', '', 'two')).rejects.toThrow('not found');
  expect((await store.listTasks(undefined, 'one')).tasks.map((task) => task.taskId)).toEqual([taskId]);
  expect((await store.listTasks()).tasks).toHaveLength(2);
});

test('lists tasks in pages, in the order of creation', async () => {
  const store = new MemoryTaskStore();
  const made: string[] = [];
  for (let index = 0; index < 25; index += 1) made.push((await create(store)).taskId);
  const listed: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.listTasks(cursor);
    listed.push(...page.tasks.map(({ taskId }) => taskId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(listed).toEqual(made);
  await expect(store.listTasks('nothing')).rejects.toThrow('Invalid cursor');
});

test('a task expires after its time to live, which restarts when it ends', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const store = new MemoryTaskStore({ defaultTtlMs: 1000 });
  const [short, ended, endless] = [await create(store), await create(store), await create(store, undefined, null)];
  vi.advanceTimersByTime(900);
  await store.storeTaskResult(ended.taskId, 'completed', {});
  vi.advanceTimersByTime(900);
  expect(await store.getTask(short.taskId)).toBeNull();
  expect(await store.getTask(ended.taskId)).toMatchObject({ status: 'completed' });
  vi.advanceTimersByTime(900);
  await expect(store.getTaskResult(ended.taskId)).rejects.toThrow('not found');
  expect((await store.listTasks()).tasks.map(({ taskId }) => taskId)).toEqual([endless.taskId]);
});

test('deletes ended tasks to make room, but not running ones', async () => {
  const store = new MemoryTaskStore({ maxTasks: 2 });
  const [first] = [await create(store), await create(store)];
  await expect(create(store)).rejects.toMatchObject({ code: 'ERR_QUEUE_FULL' });
  await store.updateTaskStatus(first.taskId, 'cancelled');
  await create(store);
  expect(await store.getTask(first.taskId)).toBeNull();
  await expect(create(store)).rejects.toThrow('the maximum number of tasks is running (2)');
});

test('limits the total size of results', async () => {
  const store = new MemoryTaskStore({ maxResultBytes: 250 });
  const made = await Promise.all(Array.from({ length: 5 }, () => create(store)));
  for (const { taskId } of made) await store.storeTaskResult(taskId, 'completed', { text: 'x'.repeat(100) });
  const kept = await Promise.all(made.map(async ({ taskId }) => (await store.getTask(taskId)) !== null));
  expect(kept).toEqual([false, false, false, true, true]);
});

test('deletes tasks of the session that uses most, not of the first one', async () => {
  const store = new MemoryTaskStore({ maxTasks: 5 });
  const quiet = await create(store, 'quiet');
  await store.storeTaskResult(quiet.taskId, 'completed', {}, 'quiet');
  const loud: string[] = [];
  for (let index = 0; index < 20; index += 1) {
    const { taskId } = await create(store, 'loud');
    await store.storeTaskResult(taskId, 'completed', {}, 'loud');
    loud.push(taskId);
  }
  expect(await store.getTaskResult(quiet.taskId, 'quiet')).toEqual({});
  expect((await store.listTasks(undefined, 'loud')).tasks.map(({ taskId }) => taskId)).toEqual(loud.slice(-4));
});

test('large results of one session do not displace small ones of another', async () => {
  const store = new MemoryTaskStore({ maxResultBytes: 1000 });
  const quiet = await create(store, 'quiet');
  await store.storeTaskResult(quiet.taskId, 'completed', { text: 'small' }, 'quiet');
  for (let index = 0; index < 20; index += 1) {
    const { taskId } = await create(store, 'loud');
    await store.storeTaskResult(taskId, 'completed', { text: 'x'.repeat(300) }, 'loud');
    expect(await store.getTask(taskId, 'loud')).toMatchObject({ status: 'completed' });
  }
  expect(await store.getTaskResult(quiet.taskId, 'quiet')).toEqual({ text: 'small' });
});

test('keeps a result above the limit while it is the only one', async () => {
  const store = new MemoryTaskStore({ maxResultBytes: 100 });
  const [small, large] = [await create(store, 'one'), await create(store, 'two')];
  await store.storeTaskResult(large.taskId, 'completed', { text: 'x'.repeat(300) }, 'two');
  expect(await store.getTaskResult(large.taskId, 'two')).toMatchObject({ text: expect.any(String) });
  await store.storeTaskResult(small.taskId, 'completed', {}, 'one');
  expect(await store.getTask(large.taskId, 'two')).toBeNull();
  expect(await store.getTaskResult(small.taskId, 'one')).toEqual({});
});

test('reports a closed store and the name of an invalid option', async () => {
  const { store, queue, close } = openTaskQueues({});
  expect(queue).toBeInstanceOf(MemoryTaskMessageQueue);
  await close();
  await expect(create(store)).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
  await expect(queue.dequeue('any')).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
  expect(() => new MemoryTaskStore({ maxTasks: 0 })).toThrow('maxTasks');
});
