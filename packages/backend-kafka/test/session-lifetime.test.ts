import { createFaultProxy, type FaultProxy, type KafkaBroker, startKafka } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import type { Address } from '@slack-mcp/core/backend';
import { expect, onTestFinished, test } from 'vitest';
import { Connection } from '../src/driver/index.ts';
import { resolveOptions } from '../src/options.ts';
import { createCuttingProxy } from './cutting-proxy.ts';
import { freshBackend, KEY, keepLogs, receive } from './fresh-backend.ts';
import { LOGINS, SASL_LISTENER, SCRAM_USERS } from './sasl-listener.ts';

/** Number of repeated logins. Each connection logs in again once per session. */
const LOGINS_AGAIN = 6;

/** Starts a broker that closes connections whose last login is older than `lifetimeMs`. */
async function startLimited(lifetimeMs: number): Promise<KafkaBroker & { proxy: FaultProxy }> {
  const proxy = await createFaultProxy({ target: { port: 1 } });
  const properties = [...SASL_LISTENER, `connections.max.reauth.ms=${lifetimeMs}`];
  return Object.assign(await startKafka({ proxy, properties, scramUsers: SCRAM_USERS }), { proxy });
}

/** Publishes and consumes until connections have logged in again. Returns the names of the log entries after the start. */
async function exchange(broker: KafkaBroker & { proxy: FaultProxy }, mechanism: string): Promise<string[]> {
  const cutting = await createCuttingProxy(broker);
  broker.proxy.target = cutting;
  const { logger, names } = keepLogs();
  const backend = freshBackend({ brokers: [broker.url], logger, ...LOGINS[mechanism] });
  const subscription = backend.consume({ group: 'workers', keys: KEY, ack: 'manual' });
  await subscription.ready;
  names.length = 0;
  for (let n = 0; cutting.repeatedLogins < LOGINS_AGAIN; n += 1) {
    await backend.publish(KEY, { n });
    const message = await receive(subscription);
    expect(message.payload).toEqual({ n });
    await message.ack();
  }
  // A session can end during the check.
  await expect.poll(() => backend.health(), { timeout: 30_000 }).toMatchObject({ status: 'up' });
  return names;
}

describeWithOwnBroker(
  'kafka with short sessions',
  // The login is repeated after 80 % of the session: a busy machine has a second for it.
  () => startLimited(5_000),
  (broker) => {
    test.for(Object.keys(LOGINS))('connections log in again before their session ends: %s', async (mechanism) => {
      expect(await exchange(broker, mechanism)).toEqual([]);
    });
  },
);

describeWithOwnBroker(
  'kafka with sessions shorter than the time in which it accepts another login',
  () => startLimited(900),
  (broker) => {
    test.for(Object.keys(LOGINS))('connections are replaced: %s', async (mechanism) => {
      await exchange(broker, mechanism);
    });

    test('all requests that wait for a refused login report the end of the session', async () => {
      broker.proxy.target = broker;
      const options = resolveOptions({ brokers: [broker.url], ...LOGINS['plain'] });
      const connection = new Connection(options.brokers[0] as Address, options, () => {});
      onTestFinished(() => connection.destroy());
      const request = () => connection.request('Metadata', { topics: [], allowAutoTopicCreation: false });
      let results: readonly PromiseSettledResult<unknown>[];
      do results = await Promise.allSettled([request(), request(), request()]);
      while (results.every(({ status }) => status === 'fulfilled'));
      const ended = {
        status: 'rejected',
        reason: {
          message: 'the broker did not renew the login of this connection, so the connection was closed: try again',
        },
      };
      expect(results).toMatchObject([ended, ended, ended]);
    });
  },
);
