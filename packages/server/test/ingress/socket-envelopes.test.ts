import { type QueueBackend, readKeySettings } from '@slack-mcp/core';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createIngress } from '../../src/ingress/ingress.ts';
import { openSocketMode } from '../../src/ingress/socket-mode.ts';
import type { Envelope, SocketModeListener } from '../../src/ingress/socket-mode-client.ts';
import { recordingLogger } from '../support/ingress-server.ts';

/** Connections to Slack that the test greets, uses and ends. */
async function connect(publish: QueueBackend['publish'] = async () => {}) {
  const logger = recordingLogger();
  const ingress = createIngress({ backend: { publish }, signingSecrets: [], keys: readKeySettings({}), logger });
  const listeners: SocketModeListener[] = [];
  const acknowledged: [id: string, payload: object | undefined][] = [];
  const socketMode = openSocketMode({
    ingress,
    logger,
    createClient: (listener) => {
      listeners.push(listener);
      return {
        start: async () => {
          listener.addressed();
          listener.greeted();
        },
        acknowledge: async (id, payload) => void acknowledged.push([id, payload]),
        disconnect: async () => {},
      };
    },
  });
  onTestFinished(() => socketMode.close({ drainTimeoutMs: 0 }));
  await socketMode.ready;
  const send = (envelope: Partial<Envelope>): void =>
    listeners.at(-1)?.envelope({ envelope_id: 'e', type: 'events_api', ...envelope });
  return { ingress, socketMode, listeners, acknowledged, send };
}

const eventOf = (id: string): string =>
  JSON.stringify({ type: 'event_callback', event_id: id, event: { type: 'app_mention', channel: 'C1' } });
const SUGGESTION = JSON.stringify({ type: 'block_suggestion', trigger_id: '1', action_id: 'city', value: 'ber' });

describe('an envelope', () => {
  test.each([
    [true, { options: [] }],
    [false, undefined],
    [undefined, undefined],
  ])('is answered only if Slack accepts a payload: %s', async (accepts, payload) => {
    const { send, acknowledged } = await connect();
    send({ type: 'interactive', payload: SUGGESTION, accepts_response_payload: accepts });
    await vi.waitFor(() => expect(acknowledged).toEqual([['e', payload]]), 20_000);
  });

  test('counts as in flight until it is handled', async () => {
    const gate = Promise.withResolvers<void>();
    const { send, ingress, acknowledged } = await connect(() => gate.promise);
    send({ payload: eventOf('Ev1') });
    await vi.waitFor(() => expect(ingress.admission.inFlight).toBe(1), 20_000);
    gate.resolve();
    await vi.waitFor(() => expect(acknowledged).toEqual([['e', undefined]]), 20_000);
    expect([ingress.admission.inFlight, ingress.admission.inFlightBytes]).toEqual([0, 0]);
  });

  test('is left to another connection while this one closes', async () => {
    const published: unknown[] = [];
    const gate = Promise.withResolvers<void>();
    const { send, socketMode, acknowledged } = await connect((key) => {
      published.push(key);
      return gate.promise;
    });
    send({ envelope_id: 'before', payload: eventOf('Ev1') });
    await vi.waitFor(() => expect(published).toHaveLength(1), 20_000);
    const closed = socketMode.close();
    send({ envelope_id: 'while', payload: eventOf('Ev2') });
    gate.resolve();
    await closed;
    expect(acknowledged).toEqual([['before', undefined]]);
    expect(published).toHaveLength(1);
  });
});

describe('connections that end immediately', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('are reopened once without a delay, then with a growing one', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.999);
    onTestFinished(() => random.mockRestore());
    const { socketMode, listeners } = await connect();
    listeners[0]?.ended('warning');
    await vi.waitFor(() => expect(listeners).toHaveLength(2), 20_000);
    await vi.waitFor(() => expect(socketMode.status.state).toBe('connected'), 20_000);
    listeners[1]?.ended('warning');
    // Half a second, minus a thousandth: it is still waiting when everything that needs no time is done.
    await vi.waitFor(() => expect(socketMode.status.state).toBe('waiting'), 20_000);
    expect(listeners).toHaveLength(2);
  });
});
