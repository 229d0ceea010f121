import type { StartedBroker } from '@slack-mcp/brokers';
import { createConsumer, NonRetryableError } from '@slack-mcp/consumer';
import { OPS_ROUTES } from '@slack-mcp/core/ops';
import type { WorkerModule } from '@slack-mcp/slack';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { BACKENDS } from '../support/backends.ts';
import { errorOf, memoryBackend } from '../support/ingress-server.ts';
import { READ_KEY, startOpsServer } from '../support/ops-server.ts';

/** Handles mentions, and fails on every other event. */
const worker: WorkerModule = async (context) => {
  const consumer = createConsumer({ group: 'workers', ...context });
  consumer.on('app_mention', async () => {});
  consumer.on('reaction_added', async ({ reaction }) => {
    throw new NonRetryableError(`no list ${reaction === 'eyes' ? 'U012AB345' : 'U987ZY654'}`);
  });
  await consumer.start();
  return consumer;
};

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** The answer of a route, checked against its schema. */
async function answerOf(path: string, response: Response): Promise<Record<string, unknown>> {
  const route = OPS_ROUTES.find((one) => one.method === 'GET' && one.path === path);
  const answer = (await response.json()) as Record<string, unknown>;
  expect([path, response.status, answer]).toEqual([path, 200, answer]);
  expect({ path, valid: ajv.validate(route?.answer ?? false, answer), errors: ajv.errors, answer }).toMatchObject({
    valid: true,
  });
  return answer;
}

const steps = (events: unknown): string[][] =>
  (events as { entries: { step: string }[] }[]).map(({ entries }) => entries.map(({ step }) => step));

for (const { name, startBroker, open } of BACKENDS) {
  describe(`the operations API on ${name}`, () => {
    let broker: StartedBroker | undefined;
    beforeAll(async () => {
      broker = await startBroker?.();
    });
    afterAll(() => broker?.stop());

    test('shows groups, dead letters by error, and the timeline of an event', async () => {
      const backend = open(broker);
      onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
      const { event, get, log } = await startOpsServer(backend, worker);
      const handled = await event();
      const parked = await event({ type: 'reaction_added', reaction: 'eyes', channel: 'C0987654321' });
      await event({ type: 'reaction_added', reaction: 'tada', channel: 'C0987654321' });

      await vi.waitFor(async () => {
        const { groups } = await answerOf('/ops/groups', await get('/ops/groups', READ_KEY));
        expect(groups).toEqual([
          expect.objectContaining({
            group: 'workers',
            consumers: 1,
            paused: 0,
            keys: [expect.objectContaining({ key: 'slack_events', lag: 0, oldestAgeMs: 0, deadLetters: 2 })],
            activity: expect.objectContaining({
              inFlight: 0,
              total: { handled: 1, retried: 0, deadLettered: 2, handedBack: 0 },
            }),
          }),
        ]);
      }, 10_000);

      const errors = await answerOf('/ops/dead-letters/errors', await get('/ops/dead-letters/errors?group=workers'));
      expect(errors).toMatchObject({
        scanned: 2,
        truncated: false,
        errors: [{ code: 'NON_RETRYABLE', error: 'NonRetryableError', message: 'no list …', count: 2 }],
      });

      const filter = `group=workers&type=reaction_added&channel=C0987654321&ids=${parked}&code=NON_RETRYABLE`;
      const { items } = await answerOf('/ops/dead-letters', await get(`/ops/dead-letters?${filter}`, READ_KEY));
      expect(items).toEqual([expect.objectContaining({ eventId: parked, channel: 'C0987654321', retryCount: 0 })]);
      expect(await answerOf('/ops/dead-letters', await get('/ops/dead-letters?group=workers&type=message'))).toEqual({
        items: [],
      });

      const shown = await answerOf('/ops/events/{id}', await get(`/ops/events/${handled}`, READ_KEY));
      expect(shown).toMatchObject({
        process: 'server',
        events: [
          { eventId: handled, messageId: `A0123456789:${handled}`, type: 'app_mention', channel: 'C0123456789' },
        ],
      });
      expect(steps(shown['events'])).toEqual(
        [['received', 'stored', 'attempt', 'handled']].map((all) => expect.arrayContaining(all)),
      );
      const ended = await answerOf('/ops/events/{id}', await get(`/ops/events/A0123456789:${parked}`));
      expect(steps(ended['events'])[0]).toContain('dead_lettered');
      const inChannel = await answerOf('/ops/events', await get('/ops/events?channel=C0987654321&limit=1'));
      expect(inChannel['events']).toHaveLength(1);
      const later = await answerOf('/ops/events', await get('/ops/events?after=2999-01-01T00:00:00Z'));
      expect(later['events']).toEqual([]);
      expect(log.join()).not.toContain('a private text');
    });

    test('masks payloads unless a key that may operate asks for them, and records that in the log', async () => {
      const backend = open(broker);
      onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
      const { event, get, log } = await startOpsServer(backend, worker);
      const id = await event({ type: 'reaction_added', reaction: 'eyes', channel: 'C0987654321' });
      const path = `/ops/dead-letters/${id}?group=workers`;
      await vi.waitFor(async () => expect((await get(path)).status).toBe(200), 10_000);

      const masked = await answerOf('/ops/dead-letters/{id}', await get(path, READ_KEY));
      expect(masked).toMatchObject({ masked: true, payload: { event: { text: '•••', user: 'U0123456789' } } });
      expect(log.join()).not.toContain('show_payload');
      const refused = await get(`${path}&payload=true`, READ_KEY);
      expect([refused.status, await errorOf(refused)]).toEqual([
        403,
        expect.objectContaining({ code: 'insufficient_role', component: 'ops' }),
      ]);
      const whole = await answerOf('/ops/dead-letters/{id}', await get(`${path}&payload=true`));
      expect(whole).toMatchObject({ masked: false, payload: { event: { text: 'a private text' } } });
      expect(log.filter((line) => line.includes('ops_act'))).toEqual([
        expect.stringMatching(/^warn .*"outcome":"refused","who":"reader","action":"show_payload"/),
        expect.stringMatching(/"who":"operator","action":"show_payload","group":"workers"/),
      ]);
      expect(log.join()).not.toContain('a private text');
    });
  });
}

describe('the operations API', () => {
  test('is off without keys', async () => {
    const { get } = await startOpsServer(memoryBackend(), undefined, { ops: undefined });
    expect((await get('/ops/groups')).status).toBe(404);
  });

  test('refuses bad requests in the one error format', async () => {
    const { event, get, url } = await startOpsServer(memoryBackend());
    await event();
    const cases: [string, string | undefined, number, string, RegExp][] = [
      ['/ops/groups', 'a-wrong-key-of-16-chars', 401, 'unauthorized', /Authorization: Bearer/],
      ['/ops/dead-letters?group=worker', undefined, 404, 'unknown_group', /did you mean workers\?/],
      ['/ops/dead-letters?group=workers&chanel=C1', undefined, 400, 'bad_request', /chanel.*did you mean channel\?/],
      ['/ops/dead-letters?group=workers&limit=0', undefined, 400, 'bad_request', /limit must be >= 1/],
      ['/ops/dead-letters?group=workers&after=yesterday', undefined, 400, 'bad_request', /after must match/],
      ['/ops/dead-letters?group=workers&cursor=nonsense', undefined, 400, 'bad_request', /cursor/],
      ['/ops/dead-letters?group=a%20b', undefined, 400, 'bad_request', /group must match pattern/],
      ['/ops/dead-letters', undefined, 400, 'bad_request', /group/],
      ['/ops/dead-letters/1?group=workers', undefined, 404, 'unknown_dead_letter', /workers/],
      ['/ops/events/Ev1', undefined, 404, 'unknown_event', /Ev1/],
    ];
    for (const [path, key, status, code, message] of cases) {
      const response = await get(path, key);
      const error = await errorOf(response);
      expect([path, response.status, error]).toEqual([
        path,
        status,
        {
          code,
          message: expect.stringMatching(message),
          component: 'ops',
          details: expect.any(Object),
          correlation_id: response.headers.get('x-correlation-id'),
        },
      ]);
    }
    expect((await fetch(`${url}/ops/groups`)).headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  test('is served on its own port if it has one', async () => {
    const { url, log, get } = await startOpsServer(memoryBackend(), undefined, {
      ops: { keys: [{ name: 'reader', role: 'read', token: READ_KEY }], listen: { host: '127.0.0.1', port: 0 } },
    });
    expect((await get('/ops/groups', READ_KEY)).status).toBe(404);
    const [, own] = /"address":"([^"]+)","message":"ops_listening"/.exec(log.join('\n')) ?? [];
    expect(own).not.toBe(url);
    const headers = { authorization: `Bearer ${READ_KEY}` };
    expect((await fetch(`${own}/ops/groups`, { headers })).status).toBe(200);
    expect((await fetch(`${own}/slack/events`, { method: 'POST' })).status).toBe(404);
  });

  test('describes itself as OpenAPI 3.1', async () => {
    const { url } = await startOpsServer(memoryBackend());
    const document = (await (await fetch(`${url}/ops/openapi.json`)).json()) as { paths: Record<string, object> };
    expect(document).toMatchObject({ openapi: '3.1.0' });
    expect(
      Object.entries(document.paths)
        .flatMap(([path, methods]) => Object.keys(methods).map((one) => `${one} ${path}`))
        .sort(),
    ).toEqual(OPS_ROUTES.map(({ method, path }) => `${method.toLowerCase()} ${path}`).sort());
  });
});
