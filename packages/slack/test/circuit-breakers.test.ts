import { type Behaviour, capturedLog, html, json, reset, unrulySlack } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSlackPort, type SlackPortOptions } from '../src/create-slack-port.ts';
import { SlackCircuitOpenError, type SlackError } from '../src/slack-error.ts';

const ok = json({ ok: true });
const outage = html('oops', 503);

async function port(options: Partial<SlackPortOptions>, ...behaviours: Behaviour[]) {
  const slack = await unrulySlack(...behaviours);
  const log = capturedLog();
  const { call } = createSlackPort({ token: 'xoxb-1', apiUrl: slack.url, retries: 0, logger: log, ...options });
  /** Returns the error of a call, if it fails. */
  const failure = async (method: string): Promise<unknown> => {
    try {
      await call(method);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  return { slack, log, failure, [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose]() };
}

/** Stops the clock of the circuits. Returns a function that moves it on, so that a slow machine closes no circuit. */
function stopClock(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  return (ms) => void vi.setSystemTime(Date.now() + ms);
}

describe('a failing Slack', () => {
  it.each([
    ['answers with 500', html('oops', 500)],
    ['answers with 503', outage],
    ['answers with 599', html('oops', 599)],
    ['drops the connection', reset],
  ])('is not called after five failures of a family of methods: it %s', async (_name, behaviour) => {
    await using at = await port({}, (response, call) => {
      (call.method.startsWith('conversations.') ? behaviour : ok)(response, call);
    });
    for (let index = 0; index < 5; index += 1) {
      expect(await at.failure('conversations.history')).toMatchObject({ code: 'slack_unreachable' });
    }
    const refused = await at.failure('conversations.info');
    expect(refused).toBeInstanceOf(SlackCircuitOpenError);
    const { retryAfterSeconds } = refused as SlackCircuitOpenError;
    expect(retryAfterSeconds).toBeGreaterThan(20);
    expect(retryAfterSeconds).toBeLessThanOrEqual(30);
    expect((refused as SlackError).nextStep).toContain(`Wait ${retryAfterSeconds} s`);
    expect(at.slack.calls).toHaveLength(5);
    expect(await at.failure('chat.postMessage')).toBeUndefined();
    expect(at.log.lines.map(({ event }) => event)).toContain('slack_circuit_opened');
  });

  it('is called again after one trial call succeeds', async () => {
    const pass = stopClock();
    await using at = await port({ circuit: { failures: 2, openMs: 50 } }, outage, outage, ok);
    await at.failure('users.info');
    await at.failure('users.info');
    pass(49);
    expect(await at.failure('users.info')).toBeInstanceOf(SlackCircuitOpenError);
    pass(1);
    expect(await at.failure('users.info')).toBeUndefined();
    expect(await at.failure('users.info')).toBeUndefined();
    expect(at.log.lines.map(({ event }) => event)).toContain('slack_circuit_closed');
  });

  it('is not called again if the trial call fails', async () => {
    const pass = stopClock();
    await using at = await port({ circuit: { failures: 2, openMs: 50 } }, outage);
    await at.failure('users.info');
    await at.failure('users.info');
    pass(50);
    expect(await at.failure('users.info')).toMatchObject({ code: 'slack_unreachable' });
    expect(await at.failure('users.info')).toBeInstanceOf(SlackCircuitOpenError);
    expect(at.slack.calls).toHaveLength(3);
  });

  it('ends the retries of the call that opens the circuit', async () => {
    await using at = await port({ retries: 10, circuit: { failures: 2 } }, outage);
    expect(await at.failure('users.info')).toMatchObject({ failure: 'http_error', status: 503 });
    expect(at.slack.calls).toHaveLength(2);
  });
});

describe('does not open a circuit:', () => {
  it.each([
    ['errors of Slack', json({ ok: false, error: 'internal_error' })],
    ['a status 4xx', html('no such page', 404)],
    ['the last status below 500', html('oops', 499)],
    ['a redirect', html('', 302)],
    ['pages of a proxy', html('<html>sign in</html>')],
  ])('%s', async (_name, behaviour) => {
    await using at = await port({}, behaviour);
    for (let index = 0; index < 12; index += 1) await at.failure('users.info');
    expect(at.slack.calls).toHaveLength(12);
  });

  it('failures that are not consecutive, because an error of Slack is an answer', async () => {
    const answer = json({ ok: false, error: 'user_not_found' });
    const four = [outage, outage, outage, outage];
    await using at = await port({}, ...four, answer, ...four, ok);
    for (let index = 0; index < 9; index += 1) await at.failure('users.info');
    expect(await at.failure('users.info')).toBeUndefined();
    expect(at.slack.calls).toHaveLength(10);
  });

  it('aborted calls', async () => {
    await using slack = await unrulySlack(() => {});
    const { call } = createSlackPort({ token: 'xoxb-1', apiUrl: slack.url });
    for (let index = 0; index < 8; index += 1) {
      const abort = new AbortController();
      const given = call('users.info', {}, { signal: abort.signal }).catch((error: unknown) => error);
      await expect.poll(() => slack.calls.length).toBe(index + 1);
      abort.abort(new Error('enough'));
      expect(await given).toMatchObject({ message: 'enough' });
    }
  });
});

it('retries calls again after a circuit has closed', async () => {
  const pass = stopClock();
  const failed = [outage, outage];
  await using at = await port({ circuit: { failures: 2, openMs: 50 }, retries: 1 }, ...failed, ok, outage, ok);
  expect(await at.failure('users.info')).toMatchObject({ failure: 'http_error' });
  pass(50);
  expect(await at.failure('users.info')).toBeUndefined();
  expect(await at.failure('users.info')).toBeUndefined();
  expect(at.slack.calls).toHaveLength(5);
});
