import type { TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import { type Task, TaskSchema } from '@modelcontextprotocol/sdk/types.js';
import { waitFor } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { RedisTaskStore } from '../../src/task-queue/index.ts';
import { freshPrefix, openStore } from './fresh-tasks.ts';

const call = { method: 'tools/call' };

async function pagesOf(store: TaskStore, sessionId?: string): Promise<Task[][]> {
  const pages: Task[][] = [];
  let cursor: string | undefined;
  do {
    const { tasks, nextCursor } = await store.listTasks(cursor, sessionId);
    pages.push(tasks);
    cursor = nextCursor;
  } while (cursor !== undefined);
  return pages;
}

const idsOf = (tasks: readonly Task[]): string[] => tasks.map(({ taskId }) => taskId);

describeWithBroker('redis', ({ url, env }) => {
  const redis = new Redis(url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  test('implements the interface of the SDK and reads the variables of the backend', async () => {
    const prefix = freshPrefix();
    await using store = RedisTaskStore.fromEnv({ ...env, REDIS_PREFIX: prefix });
    const { taskId } = await (store satisfies TaskStore).createTask({}, 1, call);
    expect(await redis.exists(`${prefix}mcp:task:${taskId}`)).toBe(1);
    expect(() => RedisTaskStore.fromEnv({})).toThrow(/REDIS_URL is not set/);
  });

  test('stores a task from its creation to its result', async () => {
    const store = openStore({ url });
    const task = await store.createTask({ ttl: 60_000, pollInterval: 250 }, 1, call);
    expect(TaskSchema.parse(task)).toMatchObject({ status: 'working', ttl: 60_000, pollInterval: 250 });
    expect(task.taskId).toMatch(/^[0-9a-f]{32}$/);
    expect(await store.getTask(task.taskId)).toEqual(task);
    await expect(store.getTaskResult(task.taskId)).rejects.toThrow(/has no result/);
    await store.updateTaskStatus(task.taskId, 'input_required', 'a question');
    await store.updateTaskStatus(task.taskId, 'working');
    expect(await store.getTask(task.taskId)).toMatchObject({ status: 'working', statusMessage: 'a question' });
    const result = { content: [{ type: 'text', text: 'Größe ✓' }], isError: false };
    await store.storeTaskResult(task.taskId, 'completed', result);
    const completed = await store.getTask(task.taskId);
    expect(TaskSchema.parse(completed)).toMatchObject({ status: 'completed', createdAt: task.createdAt });
    expect(Date.parse(completed?.lastUpdatedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(task.createdAt));
    expect(await store.getTaskResult(task.taskId)).toEqual(result);
  });

  test('reports a task that does not exist', async () => {
    const store = openStore({ url });
    expect(await store.getTask('nothing')).toBeNull();
    await expect(store.getTaskResult('nothing')).rejects.toThrow(/not found/);
    await expect(store.updateTaskStatus('nothing', 'working')).rejects.toThrow(/not found/);
    await expect(store.storeTaskResult('nothing', 'failed', {})).rejects.toThrow(/not found/);
    expect(await store.listTasks()).toEqual({ tasks: [] });
  });

  test.each(['completed', 'failed', 'cancelled'] as const)('keeps the final state %s', async (status) => {
    const store = openStore({ url });
    const { taskId } = await store.createTask({}, 1, call);
    await store.updateTaskStatus(taskId, status);
    for (const next of ['working', 'input_required', 'completed', 'failed', 'cancelled'] as const) {
      await expect(store.updateTaskStatus(taskId, next)).rejects.toThrow(`from terminal status '${status}'`);
    }
    await expect(store.storeTaskResult(taskId, 'completed', {})).rejects.toThrow(`in terminal status '${status}'`);
    await expect(store.getTaskResult(taskId)).rejects.toThrow(/has no result/);
    expect(await store.getTask(taskId)).toMatchObject({ status });
  });

  test('lets one of several concurrent calls end a task', async () => {
    const prefix = freshPrefix();
    const [one, two] = [openStore({ url, prefix }), openStore({ url, prefix })];
    for (let round = 0; round < 50; round += 1) {
      const { taskId } = await one.createTask({}, 1, call);
      const ends = {
        completed: () => one.storeTaskResult(taskId, 'completed', { round }),
        cancelled: () => two.updateTaskStatus(taskId, 'cancelled'),
        failed: () => two.storeTaskResult(taskId, 'failed', { isError: true }),
      };
      const names = Object.keys(ends) as (keyof typeof ends)[];
      const outcomes = await Promise.allSettled(names.map((name) => ends[name]()));
      const winners = names.filter((_, index) => outcomes[index]?.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      expect(await one.getTask(taskId)).toMatchObject({ status: winners[0] });
      const result = await two.getTaskResult(taskId).catch(() => undefined);
      expect(result).toEqual(
        { completed: { round }, cancelled: undefined, failed: { isError: true } }[winners[0] ?? 'failed'],
      );
    }
  });

  test('shows a session its own tasks and those without a session', async () => {
    const prefix = freshPrefix();
    const store = openStore({ url, prefix });
    const own = await store.createTask({}, 1, call, 'alice');
    const foreign = await store.createTask({}, 2, call, 'bob');
    const unbound = await store.createTask({}, 3, call);
    const { taskId } = foreign;
    expect(await store.getTask(taskId, 'alice')).toBeNull();
    await expect(store.updateTaskStatus(taskId, 'cancelled', undefined, 'alice')).rejects.toThrow(/not found/);
    await expect(store.storeTaskResult(taskId, 'completed', {}, 'alice')).rejects.toThrow(/not found/);
    await store.storeTaskResult(taskId, 'completed', { ok: true }, 'bob');
    await expect(store.getTaskResult(taskId, 'alice')).rejects.toThrow(/not found/);
    expect(await store.getTaskResult(taskId)).toEqual({ ok: true });
    await store.updateTaskStatus(unbound.taskId, 'working', 'seen', 'alice');
    await store.updateTaskStatus(own.taskId, 'working', 'seen');
    expect(idsOf((await store.listTasks(undefined, 'alice')).tasks)).toEqual(idsOf([own, unbound]));
    expect(idsOf((await store.listTasks(undefined, 'bob')).tasks)).toEqual(idsOf([foreign, unbound]));
    expect(idsOf((await store.listTasks()).tasks)).toEqual(idsOf([own, foreign, unbound]));
    const names = (await redis.keys(`*${prefix}*`)).join();
    expect(names + JSON.stringify(await redis.hgetall(`${prefix}mcp:task:${own.taskId}`))).not.toContain('alice');
  });

  test('lists ten tasks per page in order of creation, with cursors that outlive their task', async () => {
    const prefix = freshPrefix();
    const store = openStore({ url, prefix });
    const tasks: Task[] = [];
    for (let n = 0; n < 25; n += 1) tasks.push(await store.createTask({}, n, call, n % 3 === 0 ? undefined : 'alice'));
    for (const session of [undefined, 'alice']) {
      const pages = await pagesOf(store, session);
      expect(pages.map(({ length }) => length)).toEqual([10, 10, 5]);
      expect(idsOf(pages.flat())).toEqual(idsOf(tasks));
    }
    expect((await pagesOf(store, 'bob')).map(({ length }) => length)).toEqual([9]);
    const { nextCursor } = await store.listTasks();
    await redis.del(...tasks.slice(5, 15).map(({ taskId }) => `${prefix}mcp:task:${taskId}`));
    expect(idsOf((await store.listTasks(nextCursor)).tasks)).toEqual(idsOf(tasks.slice(15)));
    expect((await pagesOf(store)).map(({ length }) => length)).toEqual([10, 5]);
    await expect(store.listTasks('nonsense')).rejects.toThrow(/^Invalid cursor/);
  });

  test('returns no cursor for a last page of exactly ten', async () => {
    const store = openStore({ url });
    for (let n = 0; n < 10; n += 1) await store.createTask({}, n, call);
    expect(await pagesOf(store)).toEqual([expect.objectContaining({ length: 10 })]);
  });

  test('removes a task after its ttl, which restarts when the task becomes final', async () => {
    const prefix = freshPrefix();
    const store = openStore({ url, prefix });
    const task = await store.createTask({ ttl: 60_000 }, 1, call);
    const key = `${prefix}mcp:task:${task.taskId}`;
    expect(await redis.pttl(key)).toBeLessThanOrEqual(60_000);
    await redis.pexpire(key, 5_000);
    await store.updateTaskStatus(task.taskId, 'input_required');
    expect(await redis.pttl(key)).toBeLessThanOrEqual(5_000);
    await store.storeTaskResult(task.taskId, 'completed', {});
    expect(await redis.pttl(key)).toBeGreaterThan(5_000);

    const brief = await store.createTask({ ttl: 50 }, 1, call);
    await waitFor('its end', async () => (await store.getTask(brief.taskId)) === null);
    expect(idsOf((await store.listTasks()).tasks)).toEqual([task.taskId]);
  });

  test('limits the ttl of a task and reports it', async () => {
    const prefix = freshPrefix();
    const store = openStore({ url, prefix, defaultTtlMs: 40_000, maxTtlMs: 90_000 });
    const ttlOf = async (ttl?: number | null): Promise<[number | null, number]> => {
      const task = await store.createTask({ ...(ttl !== undefined && { ttl }) }, 1, call);
      expect(await store.getTask(task.taskId)).toEqual(task);
      return [task.ttl, await redis.pttl(`${prefix}mcp:task:${task.taskId}`)];
    };
    expect(await ttlOf()).toEqual([40_000, expect.closeTo(40_000, -4)]);
    expect(await ttlOf(1e15)).toEqual([90_000, expect.closeTo(90_000, -4)]);
    expect(await ttlOf(null)).toEqual([null, -1]);
    expect(await openStore({ url }).createTask({}, 1, call)).toMatchObject({ ttl: 86_400_000, pollInterval: 1_000 });
  });

  test.each([Number.NaN, -5, 0, 1.5, Number.POSITIVE_INFINITY])('rejects a ttl or poll interval of %s', async (ms) => {
    const store = openStore({ url });
    const refused = (name: string) => ({
      code: 'ERR_QUEUE_CONFIG',
      message: expect.stringMatching(`^${name} is .*: use an integer`),
    });
    await expect(store.createTask({ ttl: ms }, 1, call)).rejects.toMatchObject(refused('ttl'));
    await expect(store.createTask({ pollInterval: ms }, 1, call)).rejects.toMatchObject(refused('pollInterval'));
    expect(await store.listTasks()).toEqual({ tasks: [] });
  });

  test('removes expired tasks from the order of creation', async () => {
    const prefix = freshPrefix();
    const store = openStore({ url, prefix });
    const positions = (): Promise<number> => redis.zcard(`${prefix}mcp:tasks`);
    await store.createTask({ ttl: null }, 1, call);
    await Promise.all(Array.from({ length: 200 }, (_, n) => store.createTask({ ttl: 100 }, n, call, 'alice')));
    await waitFor('few expired tasks to be left', async () => {
      await store.createTask({}, 1, call, 'bob');
      return (await positions()) < 120;
    });
    const sets = await redis.keys(`{${prefix}mcp:tasks}:session:*`);
    expect(sets).toHaveLength(1);
    expect(await redis.pttl(sets[0] ?? '')).toBeGreaterThan(0);
  });

  test('reports another type of value in the key of a task', async () => {
    const prefix = freshPrefix();
    const store = openStore({ url, prefix });
    await redis.hset(`${prefix}mcp:task:strange`, 'status', 'secret');
    await expect(store.getTask('strange')).rejects.toMatchObject({ code: 'ERR_QUEUE_SERIALIZATION' });
    await expect(store.getTask('strange')).rejects.not.toThrow(/secret/);
    const { taskId } = await store.createTask({}, 1, call);
    await expect(store.storeTaskResult(taskId, 'completed', { big: 1n })).rejects.toMatchObject({
      code: 'ERR_QUEUE_SERIALIZATION',
    });
    expect(await store.getTask(taskId)).toMatchObject({ status: 'working' });
  });

  test('refuses calls after close()', async () => {
    const store = openStore({ url });
    await store.createTask({}, 1, call);
    await store.close();
    await store.close();
    await expect(store.listTasks()).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
  });

  test.each([{ defaultTtlMs: 0 }, { maxTtlMs: -1 }, { pollIntervalMs: 0.5 }])('refused: %j', (options) => {
    expect(() => new RedisTaskStore({ url, ...options })).toThrow(
      expect.objectContaining({ code: 'ERR_QUEUE_CONFIG' }),
    );
  });
});
