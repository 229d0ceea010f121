import { expect, test } from 'vitest';
import { checkHealth } from '../src/backend.ts';
import { type BackendHealth, ConnectionError } from '../src/index.ts';

const failed = (cause: unknown): ConnectionError => new ConnectionError((cause as Error).message, { cause });
const detail = { endpoint: 'tiny://host', unsettled: 2 };
const silent = (): Promise<BackendHealth> => new Promise(() => {});

test('returns the health that the broker reports', async () => {
  const health: BackendHealth = { status: 'degraded', detail: { full: true } };
  expect(await checkHealth({ check: async () => health, failed, detail })).toBe(health);
});

test('reports a failure with its code, the problem and the details', async () => {
  const check = (): Promise<BackendHealth> => Promise.reject(new Error('refused'));
  expect(await checkHealth({ check, failed, detail })).toEqual({
    status: 'down',
    detail: { ...detail, code: 'ERR_QUEUE_CONNECTION', problem: 'refused' },
  });
});

test('does not wait for a silent broker, and reports the last error if there is one', async () => {
  const problem = async (lastError: Error | undefined): Promise<unknown> => {
    const health = await checkHealth({ check: silent, failed, lastError: () => lastError, detail, timeoutMs: 1 });
    return health.detail['problem'];
  };
  expect(await problem(undefined)).toBe('the broker did not answer within 1 ms; is it up and reachable?');
  expect(await problem(new Error('unreachable'))).toBe('unreachable');
});
