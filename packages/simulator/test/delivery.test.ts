import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { buildEvent, type Delivery, type SimulatorOptions } from '../src/index.ts';
import { type Answer, type ReceivedRequest, startApp } from './app.ts';
import { startSlack } from './slack.ts';

const signingSecret = 'a signing secret';
/** Five minutes pass in 30 ms. */
const timeScale = 10_000;

/** Delivers one event to an app that sends this answer, and returns the delivery. */
async function deliverTo(
  answer: (request: ReceivedRequest, index: number) => Answer,
  options: Partial<SimulatorOptions> = {},
): Promise<{ delivery: Delivery; received: ReceivedRequest[] }> {
  const app = await startApp(answer);
  const { slack } = await startSlack({ eventsUrl: app.url, timeScale, ...options });
  const { id } = await slack.deliver(buildEvent('app_mention'));
  return { delivery: await slack.settled(id), received: app.received };
}

function expectSigned({ headers, body }: ReceivedRequest): void {
  const timestamp = headers['x-slack-request-timestamp'];
  const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  expect(headers['x-slack-signature']).toBe(`v0=${expected}`);
  expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
}

test('delivers an accepted event once, as signed JSON without retry headers', async () => {
  const { delivery, received } = await deliverTo(() => ({ status: 200 }));
  expect(received).toHaveLength(1);
  const [request] = received as [ReceivedRequest];
  expectSigned(request);
  expect(request.headers['content-type']).toBe('application/json');
  expect(request.headers).not.toHaveProperty('x-slack-retry-num');
  expect(JSON.parse(request.body)).toMatchObject({ type: 'event_callback', event_id: delivery.eventId });
  expect(delivery).toMatchObject({ state: 'delivered', type: 'app_mention', attempts: [{ retryNum: 0, status: 200 }] });
});

test.each([201, 204, 299])('treats status %i as success', async (status) => {
  expect((await deliverTo(() => ({ status }))).delivery).toMatchObject({ state: 'delivered', attempts: [{ status }] });
});

test('retries a refused event three times with number and reason, signed with the current time', async () => {
  const { delivery, received } = await deliverTo(() => ({ status: 500 }));
  expect(delivery.state).toBe('failed');
  expect(received.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3']);
  expect(received.slice(1).map(({ headers }) => headers['x-slack-retry-reason'])).toEqual(Array(3).fill('http_error'));
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  for (const request of received) expectSigned(request);
  expect(delivery.attempts.map(({ retryNum, status, failure }) => ({ retryNum, status, failure }))).toEqual(
    [0, 1, 2, 3].map((retryNum) => ({ retryNum, status: 500, failure: 'http_error' })),
  );
});

test('retries at once, after one minute and after five minutes, on a clock that can run faster', async () => {
  const { delivery } = await deliverTo(() => ({ status: 503 }), { timeScale: 300 });
  const waits = delivery.attempts.slice(1).map(({ at }, index) => {
    const before = delivery.attempts[index];
    return at - (before?.at ?? 0) - (before?.latencyMs ?? 0);
  });
  const [first = 0, second = 0, third = 0] = waits;
  expect(first).toBeLessThan(200);
  expect(second).toBeGreaterThanOrEqual(195);
  expect(third).toBeGreaterThanOrEqual(995);
});

test('stops retrying after the first success', async () => {
  const { delivery, received } = await deliverTo((_, index) => ({ status: index === 0 ? 503 : 200 }));
  expect(delivery.state).toBe('delivered');
  expect(received).toHaveLength(2);
});

describe('x-slack-no-retry', () => {
  const headers = { 'x-slack-no-retry': '1' };

  test('ends the retries of a refused event', async () => {
    const { delivery, received } = await deliverTo(() => ({ status: 400, headers }));
    expect(received).toHaveLength(1);
    expect(delivery.state).toBe('failed');
  });

  test('does not end the retries of a timed-out request, because it arrives too late', async () => {
    const app = await startApp((_, index) => (index === 0 ? undefined : { status: 500, headers }));
    app.server.once('request', (_request, response) => {
      setTimeout(() => response.writeHead(400, headers).end(), 1500);
    });
    const { slack } = await startSlack({ eventsUrl: app.url, timeScale, answerTimeoutMs: 1000 });
    const { id } = await slack.deliver(buildEvent('app_mention'));
    expect((await slack.settled(id)).attempts.map(({ failure }) => failure)).toEqual(['http_timeout', 'http_error']);
    expect(app.received[1]?.headers['x-slack-retry-reason']).toBe('http_timeout');
  });
});

test('reports a timeout when no response comes in time, without scaling the limit', async () => {
  const { delivery } = await deliverTo((_, index) => (index === 0 ? undefined : { status: 200 }), {
    answerTimeoutMs: 1000,
  });
  const [first, second] = delivery.attempts;
  expect(first).toMatchObject({ failure: 'http_timeout', status: undefined });
  expect(first?.latencyMs).toBeGreaterThanOrEqual(995);
  expect(second?.retryReason).toBe('http_timeout');
  expect(delivery.state).toBe('delivered');
});

test('reports a failed connection when no server listens', async () => {
  const app = await startApp();
  await new Promise((resolve) => app.server.close(resolve));
  const { slack } = await startSlack({ eventsUrl: app.url, timeScale });
  const { id } = await slack.deliver(buildEvent('app_mention'));
  const delivery = await slack.settled(id);
  expect(delivery.state).toBe('failed');
  expect(delivery.attempts.map(({ failure }) => failure)).toEqual(Array(4).fill('connection_failed'));
});

test('reports an SSL error when the app speaks plain HTTP instead of TLS', async () => {
  const app = await startApp();
  const { slack } = await startSlack({ eventsUrl: app.url.replace('http:', 'https:'), timeScale });
  const { id } = await slack.deliver(buildEvent('app_mention'));
  expect((await slack.settled(id)).attempts[0]?.failure).toBe('ssl_error');
});

describe('redirects', () => {
  const redirectTimes =
    (times: number) =>
    ({ path }: ReceivedRequest): Answer => {
      const hop = Number(new URL(path, 'http://app').searchParams.get('hop') ?? 0);
      return hop < times ? { status: 302, headers: { location: `/slack/events?hop=${hop + 1}` } } : { status: 200 };
    };

  test('follows two redirects and sends the body again', async () => {
    const { delivery, received } = await deliverTo(redirectTimes(2));
    expect(delivery).toMatchObject({ state: 'delivered', attempts: [{ status: 200 }] });
    expect(received.map(({ body }) => body.length > 0)).toEqual([true, true, true]);
  });

  test('fails after three redirects', async () => {
    const { delivery } = await deliverTo(redirectTimes(3));
    expect(delivery.attempts[0]?.failure).toBe('too_many_redirects');
  });
});

describe('cut-offs', () => {
  test('before the request, the app receives only the retry', async () => {
    const app = await startApp();
    const { slack } = await startSlack({ eventsUrl: app.url, timeScale });
    await slack.cutOff(1, { at: 'before-request' });
    const { id } = await slack.deliver(buildEvent('app_mention'));
    const { attempts } = await slack.settled(id);
    expect(attempts).toMatchObject([{ failure: 'connection_failed', cutOff: 'before-request' }, { status: 200 }]);
    expect(app.received.map(({ headers }) => headers['x-slack-retry-num'])).toEqual(['1']);
  });

  test.each(['after-request', 'after-answer'] as const)(
    '%s, the app receives the event twice with the same id',
    async (at) => {
      const app = await startApp();
      const { slack } = await startSlack({ eventsUrl: app.url, timeScale });
      await slack.cutOff(1, { at });
      const { id, eventId } = await slack.deliver(buildEvent('app_mention'));
      const { attempts, state } = await slack.settled(id);
      expect(state).toBe('delivered');
      expect(attempts).toMatchObject([
        { failure: 'connection_failed', cutOff: at },
        { retryReason: 'connection_failed' },
      ]);
      expect(app.received.map(({ body }) => JSON.parse(body).event_id)).toEqual([eventId, eventId]);
      expect(app.received[1]?.headers['x-slack-retry-reason']).toBe('connection_failed');
    },
  );

  test('affect the first attempts of the given number of deliveries', async () => {
    const app = await startApp();
    const { slack } = await startSlack({ eventsUrl: app.url, timeScale });
    await slack.cutOff(3);
    for (let n = 0; n < 5; n += 1) await slack.deliver(buildEvent('reaction_added'));
    await slack.idle();
    const deliveries = await slack.deliveries();
    expect(deliveries.map(({ attempts }) => attempts.length).sort()).toEqual([1, 1, 2, 2, 2]);
  });

  test('follow a predicate until it is removed', async () => {
    const app = await startApp();
    const { slack } = await startSlack({ eventsUrl: app.url, timeScale });
    await slack.cutOff(({ type }, retryNum) => type === 'team_join' && retryNum < 3);
    await slack.deliver(buildEvent('team_join'));
    await slack.deliver(buildEvent('app_mention'));
    await slack.idle();
    expect((await slack.deliveries()).map(({ attempts }) => attempts.length)).toEqual([4, 1]);
    await slack.cutOff(0);
    const { id } = await slack.deliver(buildEvent('team_join'));
    expect((await slack.settled(id)).attempts).toHaveLength(1);
  });
});

test('limits the number of concurrent deliveries', async () => {
  let open = 0;
  let most = 0;
  const app = await startApp(() => undefined);
  app.server.on('request', (_request, response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      response.end();
    }, 20);
  });
  const { slack } = await startSlack({ eventsUrl: app.url, concurrency: 3 });
  for (let n = 0; n < 12; n += 1) await slack.deliver(buildEvent('app_mention'));
  await slack.idle();
  expect(most).toBe(3);
  expect((await slack.deliveries()).every(({ state }) => state === 'delivered')).toBe(true);
});

test('gives every event its own id, also across runs', async () => {
  const ids: (string | undefined)[] = [];
  for (let run = 0; run < 2; run += 1) {
    const app = await startApp();
    const { slack } = await startSlack({ eventsUrl: app.url });
    for (let n = 0; n < 20; n += 1) ids.push((await slack.deliver(buildEvent('app_mention'))).eventId);
    await slack.idle();
  }
  expect(new Set(ids).size).toBe(40);
  expect(ids.every((id) => /^Ev[0-9A-Z]{11}$/.test(id ?? ''))).toBe(true);
});

test('close ends a delivery that waits for its retry, and resolves idle', async () => {
  const app = await startApp(() => ({ status: 500 }));
  const { slack } = await startSlack({ eventsUrl: app.url });
  const { id } = await slack.deliver(buildEvent('app_mention'));
  await expect.poll(() => app.received.length, { timeout: 30_000 }).toBe(2);
  const idle = slack.idle();
  await slack.close();
  await idle;
  expect(await slack.settled(id)).toMatchObject({ state: 'pending' });
});
