import { randomUUID } from 'node:crypto';
import type { StartedBroker } from '@slack-mcp/brokers';
import { createConsumer, NonRetryableError } from '@slack-mcp/consumer';
import type { QueueBackend } from '@slack-mcp/core';
import type { AuditEntry, DeadLettersAnswer, Job } from '@slack-mcp/core/ops';
import type { WorkerModule } from '@slack-mcp/slack';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { BACKENDS } from '../support/backends.ts';
import { errorOf, memoryBackend } from '../support/ingress-server.ts';
import { OPERATE_KEY, type OpsServer, READ_KEY, startOpsServer } from '../support/ops-server.ts';

/** Number of dead letters; for the long form of the test, set `OPS_DEAD_LETTERS=10000`. */
const LETTERS = Number(process.env['OPS_DEAD_LETTERS'] ?? 200);
/** Number of events that are published at a time. */
const BATCH = 500;
const RATE = Math.min(1_000, LETTERS / 4);
const WAIT = { timeout: 300_000, interval: 20 };

/** A worker that parks every event until `works` is set, then records the ids that it handles. */
function switchedWorker(): { worker: WorkerModule; handled: string[]; state: { works: boolean } } {
  const handled: string[] = [];
  const state = { works: false };
  const worker: WorkerModule = async (context) => {
    const consumer = createConsumer({ group: 'workers', ...context });
    consumer.on('app_mention', async (_event, { metadata }) => {
      if (!state.works) throw new NonRetryableError('not yet');
      handled.push(metadata.messageId);
    });
    await consumer.start();
    return consumer;
  };
  return { worker, handled, state };
}

/** A server whose group `workers` has dead letters. */
async function parked(backend: QueueBackend, count: number) {
  const { worker, handled, state } = switchedWorker();
  const server = await startOpsServer(backend, worker);
  // The tests share a broker, and Redis does not store a message id twice.
  const eventIds = Array.from({ length: count }, (_, index) => `Ev${randomUUID().slice(0, 8)}${index}`);
  const ids = eventIds.map((eventId) => `A0123456789:${eventId}`);
  for (let start = 0; start < count; start += BATCH) {
    await Promise.all(
      eventIds
        .slice(start, start + BATCH)
        .map((eventId) =>
          backend.publish(
            'slack_events',
            { type: 'event_callback', event: { type: 'app_mention', channel: 'C0123456789', text: 'a private text' } },
            { messageId: `A0123456789:${eventId}`, headers: { kind: 'app_mention', 'x-slack-event-id': eventId } },
          ),
        ),
    );
  }
  await vi.waitFor(async () => expect(await lettersOf(server)).toBe(count), WAIT);
  state.works = true;
  return { ...server, ids, handled };
}

async function lettersOf({ get }: OpsServer): Promise<number> {
  const answer = (await (await get('/ops/dead-letters/errors?group=workers')).json()) as { scanned: number };
  return answer.scanned;
}

async function started({ post }: OpsServer, request: object): Promise<Job> {
  const response = await post('/ops/jobs', { action: 'redrive', group: 'workers', filter: {}, ...request });
  const job = (await response.json()) as Job;
  expect([response.status, job]).toEqual([202, expect.objectContaining({ status: 'running' })]);
  return job;
}

async function ended({ get }: OpsServer, { id }: Job): Promise<Job> {
  let job: Job | undefined;
  await vi.waitFor(async () => {
    job = (await (await get(`/ops/jobs/${id}`)).json()) as Job;
    expect(job.status).not.toBe('running');
  }, WAIT);
  return job as Job;
}

for (const { name, startBroker, open } of BACKENDS) {
  describe(`jobs on ${name}`, () => {
    let broker: StartedBroker | undefined;
    beforeAll(async () => {
      broker = await startBroker?.();
    });
    afterAll(() => broker?.stop());

    function backend(): QueueBackend {
      const opened = open(broker);
      onTestFinished(() => opened.close({ drainTimeoutMs: 0 }));
      return opened;
    }

    test('a redrive with a rate that is cancelled halfway leaves the books exact', async () => {
      const server = await parked(backend(), LETTERS);
      const { post, get, handled, ids, log } = server;
      const job = await started(server, { ratePerSecond: RATE });
      await vi.waitFor(async () => {
        const { done } = (await (await get(`/ops/jobs/${job.id}`)).json()) as Job;
        expect(done).toBeGreaterThanOrEqual(LETTERS / 2);
      }, WAIT);
      const cancelled = (await (await post(`/ops/jobs/${job.id}/cancel`)).json()) as Job;
      expect(cancelled).toMatchObject({ status: 'cancelled', matched: cancelled.done });
      expect(cancelled.done).toBeGreaterThanOrEqual(LETTERS / 2);
      expect(cancelled.done).toBeLessThan(LETTERS);
      expect(await lettersOf(server)).toBe(LETTERS - cancelled.done);
      await vi.waitFor(() => expect(handled).toHaveLength(cancelled.done), WAIT);

      const rest = await ended(server, await started(server, {}));
      expect(rest).toMatchObject({ status: 'completed', done: LETTERS - cancelled.done });
      expect(await lettersOf(server)).toBe(0);
      await vi.waitFor(() => expect(handled).toHaveLength(LETTERS), WAIT);
      expect(handled.toSorted()).toEqual(ids.toSorted());

      const { entries } = (await (await get('/ops/audit')).json()) as { entries: AuditEntry[] };
      expect(entries.map(({ who, action, outcome, count }) => [who, action, outcome, count])).toEqual([
        ['operator', 'redrive', 'completed', LETTERS - cancelled.done],
        ['operator', 'redrive', 'started', undefined],
        ['operator', 'redrive', 'cancelled', cancelled.done],
        ['operator', 'cancel', 'done', undefined],
        ['operator', 'redrive', 'started', undefined],
      ]);
      expect(log.join()).not.toContain('a private text');
    }, 900_000);

    test('a dry run only counts, a cap bounds, and a filter selects', async () => {
      const server = await parked(backend(), 30);
      const { handled, get } = server;
      const dry = await ended(server, await started(server, { action: 'purge', dryRun: true }));
      expect(dry).toMatchObject({ status: 'completed', matched: 30, done: 0 });
      expect(await lettersOf(server)).toBe(30);

      const purged = await ended(server, await started(server, { action: 'purge', cap: 7 }));
      expect(purged).toMatchObject({ status: 'completed', matched: 7, done: 7, reachedCap: true });
      expect(await lettersOf(server)).toBe(23);

      const page = (await (await get('/ops/dead-letters?group=workers')).json()) as DeadLettersAnswer;
      const last = page.items.at(-1)?.eventId as string;
      const one = await ended(server, await started(server, { filter: { ids: [last] } }));
      expect(one).toMatchObject({ status: 'completed', matched: 1, done: 1 });
      await vi.waitFor(() => expect(handled).toEqual([`A0123456789:${last}`]), WAIT);
      expect(await ended(server, await started(server, { filter: { type: 'message' } }))).toMatchObject({ matched: 0 });

      await vi.waitFor(async () => {
        const { events } = (await (await get(`/ops/events/${last}`)).json()) as { events: { entries: object[] }[] };
        const entries = events[0]?.entries as { step: string; attempt?: number }[];
        expect(
          entries.map(({ step, attempt }) => (attempt === undefined ? step : `${step} ${attempt}`)).sort(),
        ).toEqual(['attempt 1', 'attempt 1', 'dead_lettered 1', 'handled 1', 'redriven']);
      }, WAIT);
    });
  });
}

describe('jobs', () => {
  test('are refused with the reason', async () => {
    const server = await parked(memoryBackend(), 20);
    const { post, get } = server;
    const valid = { action: 'redrive', group: 'workers', filter: {} };
    const running = await started(server, { ratePerSecond: 1 });
    const cases: [string, object, string | undefined, number, string, RegExp][] = [
      ['/ops/jobs', valid, READ_KEY, 403, 'insufficient_role', /reader may only read/],
      ['/ops/jobs', valid, undefined, 409, 'job_running', new RegExp(running.id)],
      ['/ops/jobs', { ...valid, ratePerSecond: 0 }, undefined, 400, 'bad_request', /ratePerSecond must be >= 1/],
      ['/ops/jobs', { ...valid, cap: -1 }, undefined, 400, 'bad_request', /cap must be >= 1/],
      ['/ops/jobs', { ...valid, action: 'delete' }, undefined, 400, 'bad_request', /action .*: redrive, purge/],
      ['/ops/jobs', { action: 'purge', group: 'workers' }, undefined, 400, 'bad_request', /filter/],
      ['/ops/jobs', { ...valid, filter: { chanel: 'C1' } }, undefined, 400, 'bad_request', /filter\.chanel.*channel/],
      ['/ops/jobs', { ...valid, filter: { before: 'now' } }, undefined, 400, 'bad_request', /filter\.before/],
      ['/ops/jobs', { ...valid, group: 'worker' }, undefined, 404, 'unknown_group', /did you mean workers/],
      ['/ops/jobs', [], undefined, 400, 'bad_request', /object/],
      ['/ops/jobs/nothing/cancel', {}, undefined, 404, 'unknown_job', /nothing/],
      ['/ops/groups/workers/pause', {}, READ_KEY, 403, 'insufficient_role', /operate/],
      ['/ops/groups/worker/pause', {}, undefined, 404, 'unknown_group', /worker/],
    ];
    for (const [path, body, key, status, code, message] of cases) {
      const response = await post(path, body, key);
      expect([path, body, response.status, await errorOf(response)]).toEqual([
        path,
        body,
        status,
        expect.objectContaining({ code, component: 'ops', message: expect.stringMatching(message) }),
      ]);
    }
    const { entries } = (await (await get('/ops/audit')).json()) as { entries: AuditEntry[] };
    expect(entries.filter(({ outcome }) => outcome === 'refused').map(({ who, target }) => [who, target])).toEqual([
      ['reader', 'POST /ops/groups/{group}/pause'],
      ['reader', 'POST /ops/jobs'],
    ]);
    const form = await fetch(`${server.url}/ops/jobs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${OPERATE_KEY}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: JSON.stringify(valid),
    });
    expect([form.status, await errorOf(form)]).toEqual([
      400,
      expect.objectContaining({ message: 'The Content-Type of the body is not application/json: send that header.' }),
    ]);
    await post(`/ops/jobs/${running.id}/cancel`);
    const again = await post(`/ops/jobs/${running.id}/cancel`);
    expect([again.status, await errorOf(again)]).toEqual([409, expect.objectContaining({ code: 'job_ended' })]);
    expect((await get('/ops/jobs/nothing')).status).toBe(404);
  });

  test('fail with the reason if the broker does not answer', async () => {
    const backend = memoryBackend();
    const server = await parked(backend, 5);
    const broken = vi.spyOn(backend, 'deadLetters').mockImplementation(() => {
      throw new TypeError('the broker is broken');
    });
    const job = await ended(server, await started(server, {}));
    expect(job).toMatchObject({
      status: 'failed',
      done: 0,
      error: { code: 'internal', message: 'the broker is broken' },
    });
    broken.mockRestore();
    expect(await ended(server, await started(server, {}))).toMatchObject({ status: 'completed', done: 5 });
  });
});

describe('pausing a group', () => {
  test('stops its consumers until they are resumed', async () => {
    const { worker, handled, state } = switchedWorker();
    state.works = true;
    const { event, get, post } = await startOpsServer(memoryBackend(), worker);
    await event();
    await vi.waitFor(() => expect(handled).toHaveLength(1), WAIT);
    const paused = await post('/ops/groups/workers/pause');
    expect([paused.status, await paused.json()]).toEqual([200, { group: 'workers', consumers: 1, paused: 1 }]);
    await event();
    await vi.waitFor(async () => {
      expect(await (await get('/ops/groups')).json()).toMatchObject({
        groups: [{ group: 'workers', paused: 1, keys: [{ lag: 1 }] }],
      });
    }, WAIT);
    expect(handled).toHaveLength(1);
    expect(await (await post('/ops/groups/workers/resume')).json()).toMatchObject({ paused: 0 });
    await vi.waitFor(() => expect(handled).toHaveLength(2), WAIT);
  });

  test('is refused by a process without a consumer of the group', async () => {
    const { event, post } = await startOpsServer(memoryBackend());
    await event();
    const response = await post('/ops/groups/workers/pause');
    expect([response.status, await errorOf(response)]).toEqual([
      409,
      expect.objectContaining({ code: 'not_pausable' }),
    ]);
  });
});

describe('live events', () => {
  test('arrive as a stream that ends with the server', async () => {
    const { worker, state } = switchedWorker();
    state.works = true;
    const { event, get, close } = await startOpsServer(memoryBackend(), worker);
    const response = await get('/ops/live?channel=C0123456789', READ_KEY);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = async (part: string): Promise<void> => {
      while (!text.includes(part)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended without ${part}: ${text}`);
        text += value;
      }
    };
    await until(': open');
    await event({ channel: 'C0999999999' });
    const id = await event();
    await until('"step":"handled"');
    expect(text).toContain(`event: step\ndata: {"messageId":"A0123456789:${id}"`);
    expect(text).not.toMatch(/C0999999999|a private text/);
    const closed = close();
    while (!(await reader.read()).done);
    await closed;
  });
});
