import { createFaultProxy, startKafka, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
// Node does not recognize all exports of this CommonJS module.
import kafkajs from 'kafkajs';
import { describe, expect, test } from 'vitest';
import { type Cut, createCuttingProxy, type REQUESTS } from './cutting-proxy.ts';
import { freshBackend, freshPrefix, KEY, numbersOf, receiveMany } from './fresh-backend.ts';
import { LOGINS, type Login, SASL_LISTENER, SCRAM_USERS, token } from './sasl-listener.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } = kafkajs;

const wrong: Record<string, Login> = {
  plain: { username: 'app', password: 'hunter2' },
  'scram-sha-256': { username: 'app', password: 'hunter2', mechanism: 'scram-sha-256' },
  'scram-sha-256 of an unknown user': { username: 'nobody', password: 'hunter2', mechanism: 'scram-sha-256' },
  oauthbearer: { oauthToken: async () => token('hunter2', -60) },
};
const requests: readonly (keyof typeof REQUESTS)[] = ['SaslHandshake', 'SaslAuthenticate'];
const ways: readonly Cut[] = ['close', 'reset', 'silent'];

/** Grants a user rights on all topics or groups of a prefix. */
async function grant(
  address: string,
  user: string,
  prefix: string,
  on: 'TOPIC' | 'GROUP',
  operations: readonly ('READ' | 'WRITE' | 'CREATE' | 'DESCRIBE')[],
): Promise<void> {
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const about = {
    ...{ resourceType: AclResourceTypes[on], resourceName: prefix, principal: `User:${user}`, host: '*' },
    ...{ resourcePatternType: ResourcePatternTypes.PREFIXED, permissionType: AclPermissionTypes.ALLOW },
  };
  await admin.createAcls({ acl: operations.map((each) => ({ ...about, operation: AclOperationTypes[each] })) });
  // The controller answers before the broker applies the rights.
  await waitFor('the rights', async () => {
    const { resources } = await admin.describeAcls({ ...about, operation: AclOperationTypes.ANY });
    return resources.length > 0;
  });
  await admin.disconnect();
}

const proxy = await createFaultProxy({ target: { port: 1 } });

describeWithOwnBroker(
  'kafka with logins',
  () => startKafka({ proxy, properties: SASL_LISTENER, scramUsers: SCRAM_USERS }),
  (broker) => {
    const brokers = [broker.url];

    describe.for(Object.keys(LOGINS))('%s', (mechanism) => {
      test('publishes and consumes', async () => {
        const backend = freshBackend({ brokers, ...LOGINS[mechanism] });
        await backend.publish(KEY, { n: 1 });
        expect(numbersOf(await receiveMany(backend.consume({ group: 'workers', keys: KEY }), 1))).toEqual([1]);
      });

      test.for(requests.flatMap((request) => ways.map((how) => ({ request, how }))))(
        'a connection that ends at $request ($how) is not a refused login',
        async ({ request, how }) => {
          const cutting = await createCuttingProxy(broker);
          cutting.cut = { request, how };
          proxy.target = cutting;
          try {
            const options = { brokers, prefix: freshPrefix(), requestTimeoutMs: 300, ...LOGINS[mechanism] };
            const backend = freshBackend(options);
            const receiving = receiveMany(backend.consume({ group: 'workers', keys: KEY }), 1);
            const publishing = freshBackend(options).publish(KEY, { n: 0 }, { timeoutMs: 600 });
            await expect(publishing).rejects.toMatchObject({ code: 'ERR_QUEUE_CONNECTION', retryable: true });
            // On a busy machine, a publish may expire in its first attempt. The consumer continues.
            await expect.poll(() => cutting.cuts).toBeGreaterThan(1);
            cutting.cut = undefined;
            await backend.publish(KEY, { n: 1 });
            expect(numbersOf(await receiving)).toEqual([1]);
          } finally {
            proxy.target = broker;
          }
        },
      );
    });

    test.for(Object.keys(wrong))('wrong credentials are refused for good: %s', async (mechanism) => {
      const backend = freshBackend({ brokers, ...wrong[mechanism] });
      const error: unknown = await backend.publish(KEY, {}).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: 'ERR_QUEUE_AUTH', retryable: false });
      expect(inspectAll(error)).not.toContain('hunter2');
      const subscription = backend.consume({ group: 'workers', keys: KEY });
      await expect(subscription.ready).rejects.toMatchObject({ code: 'ERR_QUEUE_AUTH' });
      await expect(subscription.next()).rejects.toMatchObject({ code: 'ERR_QUEUE_AUTH' });
      expect(await backend.health()).toMatchObject({ status: 'down' });
    });

    test('names the setting if the broker does not accept the mechanism', async () => {
      const login: Login = { username: 'app', password: 'app-secret', mechanism: 'scram-sha-512' };
      const publishing = freshBackend({ brokers, ...login }).publish(KEY, {});
      await expect(publishing).rejects.toMatchObject({
        code: 'ERR_QUEUE_AUTH',
        message: expect.stringContaining('KAFKA_SASL_MECHANISM'),
      });
    });

    test('says that a listener does not use SASL', async () => {
      const publishing = freshBackend({ brokers: [broker.harnessUrl], ...LOGINS['plain'] }).publish(KEY, {});
      await expect(publishing).rejects.toMatchObject({
        code: 'ERR_QUEUE_AUTH',
        message: expect.stringContaining('remove KAFKA_USERNAME'),
      });
    });

    test('waits while the function for tokens fails', async () => {
      let failures = 0;
      const oauthToken = async (): Promise<string> => {
        failures += 1;
        if (failures < 3) throw new Error('the identity provider is unavailable');
        return token('app');
      };
      await freshBackend({ brokers, oauthToken }).publish(KEY, {});
      expect(failures).toBeGreaterThan(2);
      const fails = freshBackend({ brokers, oauthToken: () => Promise.reject(new Error('unavailable')) });
      await expect(fails.publish(KEY, {}, { timeoutMs: 300 })).rejects.toMatchObject({
        retryable: true,
        message: expect.stringContaining('oauthToken failed'),
      });
    });
    describe('rights', () => {
      const { harnessUrl } = broker;
      const user = (name: string): Login => ({ username: name, password: `${name}-secret` });

      test('a user without rights is refused for good', async () => {
        const backend = freshBackend({ brokers, ...user('reader') });
        const refused = { code: 'ERR_QUEUE_AUTH', retryable: false };
        await expect(backend.publish(KEY, {})).rejects.toMatchObject(refused);
        await expect(backend.consume({ group: 'workers', keys: KEY }).next()).rejects.toMatchObject(refused);
      });

      test('a user with the documented rights publishes, and another one consumes and parks', async () => {
        const prefix = freshPrefix();
        await grant(harnessUrl, 'writer', prefix, 'TOPIC', ['WRITE', 'CREATE']);
        const publisher = freshBackend({ brokers, prefix, ...user('writer') });
        await waitFor('the right to write', () => publisher.publish(KEY, { n: 1 }).then(() => true));
        const group = { group: 'workers', keys: KEY, ack: 'manual' as const };
        await expect(publisher.consume(group).next()).rejects.toMatchObject({
          code: 'ERR_QUEUE_AUTH',
          message: expect.stringContaining('Read on the group'),
        });
        await grant(harnessUrl, 'reader', prefix, 'TOPIC', ['READ', 'WRITE', 'CREATE']);
        await grant(harnessUrl, 'reader', prefix, 'GROUP', ['READ']);
        const consumer = freshBackend({ brokers, prefix, groups: ['workers'], ...user('reader') });
        const [message] = await receiveMany(consumer.consume(group), 1);
        await message?.deadLetter({ code: 'TEST' });
        const letters = consumer.deadLetters({ group: 'workers', keys: [KEY] });
        expect((await letters.list()).items).toHaveLength(1);
        expect(await consumer.health()).toMatchObject({ status: 'up', backlog: 0 });
      });

      test('a missing topic that the user may not create is an error with the command to run', async () => {
        const prefix = freshPrefix();
        await grant(harnessUrl, 'reader', prefix, 'TOPIC', ['READ', 'WRITE']);
        await grant(harnessUrl, 'reader', prefix, 'GROUP', ['READ']);
        const publishing = freshBackend({ brokers, prefix, ...user('reader') }).publish(KEY, {});
        await expect(publishing).rejects.toMatchObject({
          code: 'ERR_QUEUE_TOPOLOGY',
          retryable: false,
          message: expect.stringContaining(`--create --topic ${prefix}${KEY} --partitions 1`),
        });
      });
    });
  },
);

/** The messages of an error and its causes. */
function inspectAll(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${inspectAll(error.cause)}` : String(error);
}
