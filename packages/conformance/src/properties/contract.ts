import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConsumeOptions, QueueBackend, QueueErrorCode } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY } from '../context.ts';
import type { InvalidEnv } from '../harness.ts';
import type { Property } from '../property.ts';
import { Reader } from '../reader.ts';

const section = 'contract';

/** Properties for the basic guarantees of every backend. */
export const contract: readonly Property[] = [
  {
    id: 'contract.capabilities',
    title: 'An instance has the name and the capabilities that its harness declares, and the capabilities are valid.',
    section,
    async run(context) {
      const backend = context.backend();
      const { harness } = context;
      check.equal(backend.name, harness.name, 'name');
      check.equal({ ...backend.capabilities }, { ...harness.capabilities }, 'capabilities');
      const { maxPayloadBytes, scope, ordering, retryCount, settlement, ...flags } = backend.capabilities;
      check.ok(['process', 'network'].includes(scope), `scope is ${scope}`);
      check.ok(['none', 'single-consumer', 'ordering-key'].includes(ordering), `ordering is ${ordering}`);
      check.ok(['exact', 'approximate'].includes(retryCount), `retryCount is ${retryCount}`);
      check.ok(['individual', 'prefix'].includes(settlement), `settlement is ${settlement}`);
      check.ok(maxPayloadBytes === null || maxPayloadBytes > 0, `maxPayloadBytes is ${maxPayloadBytes}`);
      for (const [name, flag] of Object.entries(flags)) check.equal(typeof flag, 'boolean', `type of ${name}`);
    },
  },
  {
    id: 'contract.from-env',
    title: '`fromEnv` creates a working backend from environment variables alone.',
    section,
    async run(context) {
      const { harness, namespace } = context;
      const env = { ...harness.envFor(namespace), QUEUE_KEYS: KEY };
      const backend = context.track(harness.Backend.fromEnv(env));
      check.equal(backend.name, harness.name, 'name');
      const reader = await context.consume(backend, { group: 'workers' });
      await context.publish(context.backend(), [1]);
      check.equal((await reader.next()).payload['n'], 1, 'payload');
    },
  },
  {
    id: 'contract.from-env-refuses',
    title: '`fromEnv` rejects a malformed variable with ERR_QUEUE_CONFIG, names it and never shows a secret.',
    section,
    async run({ harness, namespace }) {
      const common: InvalidEnv[] = [
        { env: { QUEUE_KEYS: 'not a key' }, variable: 'QUEUE_KEYS' },
        { env: { QUEUE_GROUPS: 'a,not/a/group' }, variable: 'QUEUE_GROUPS' },
        { env: { SLACK_EVENTS_TOPIC: 'x'.repeat(201) }, variable: 'SLACK_EVENTS_TOPIC' },
      ];
      for (const { env, variable, secret } of [...common, ...(harness.invalidEnv ?? [])]) {
        const all = { ...harness.envFor(namespace), ...env };
        const error = check.throws(() => harness.Backend.fromEnv(all), 'ERR_QUEUE_CONFIG', `a malformed ${variable}`);
        check.ok(error.message.includes(variable), `the error does not name ${variable}: ${error.message}`);
        const text = `${error.message}${error.stack}${JSON.stringify(error.cause)}`;
        check.ok(secret === undefined || !text.includes(secret), `the error about ${variable} shows a secret`);
      }
    },
  },
  {
    id: 'contract.lazy',
    title: 'The constructor and `fromEnv` open no socket and start no timer.',
    section,
    exclusive: true,
    async run(context) {
      const { harness, namespace, inspect } = context;
      await nextTurn();
      const before = process.getActiveResourcesInfo().length;
      context.backend({ groups: ['workers'] });
      context.track(harness.Backend.fromEnv(harness.envFor(namespace)));
      await nextTurn();
      const after = process.getActiveResourcesInfo();
      check.ok(after.length <= before, `resources were opened: ${after.join(', ')}; before, there were ${before}`);
      check.equal((await inspect.connections?.(namespace)) ?? 0, 0, 'connections');
    },
  },
  {
    id: 'contract.closed',
    title:
      'After `close()`, all calls reject with ERR_QUEUE_CLOSED, `health()` reports `down`, and closing again has no effect.',
    section,
    async run(context) {
      const backend = context.backend();
      const reader = await context.consume(backend, { group: 'workers' });
      await context.publish(backend, [1]);
      await reader.next();
      await context.within(backend.close({ drainTimeoutMs: 0 }), 'close');
      await context.within(backend.close(), 'close again');
      await context.within(Promise.resolve(backend[Symbol.asyncDispose]()), 'dispose after close');
      const code: QueueErrorCode = 'ERR_QUEUE_CLOSED';
      await check.rejects(context.within(backend.publish(KEY, {}), 'publish'), code, 'publish after close');
      await check.rejects(context.within(firstOf(backend, { keys: KEY }), 'consume'), code, 'consume after close');
      const list = async () => backend.deadLetters({ group: 'workers', keys: [KEY] }).list();
      await check.rejects(context.within(list(), 'list'), code, 'deadLetters after close');
      check.equal((await context.within(backend.health(), 'health')).status, 'down', 'health after close');
      await reader.end('close of the backend');
    },
  },
  {
    id: 'contract.invalid-options',
    title: 'Invalid keys, groups and options are rejected with ERR_QUEUE_CONFIG before any other action.',
    section,
    async run(context) {
      const backend = context.backend();
      for (const key of ['', ' ', 'a b', 'a/b', 'a:b', '#', 'ключ', 'x'.repeat(201)]) {
        await check.rejects(backend.publish(key, {}), 'ERR_QUEUE_CONFIG', `publish to ${JSON.stringify(key)}`);
      }
      const invalid: ConsumeOptions[] = [
        { group: '' },
        { group: 'a b' },
        { group: 'x'.repeat(201) },
        { keys: '' },
        { keys: ['fine', 'not fine'] },
        { keys: [] },
        { prefetch: 0 },
        { prefetch: -1 },
        { prefetch: 1.5 },
        { prefetch: Number.NaN },
        { ack: 'never' as 'manual' },
        { from: 'yesterday' as 'latest' },
      ];
      for (const options of invalid) {
        const what = `consume(${JSON.stringify(options)})`;
        check.throws(() => backend.consume({ keys: KEY, ...options }), 'ERR_QUEUE_CONFIG', what);
      }
      const timeouts = [0, -1, Number.NaN];
      for (const timeoutMs of timeouts) {
        await check.rejects(backend.publish(KEY, {}, { timeoutMs }), 'ERR_QUEUE_CONFIG', `timeoutMs ${timeoutMs}`);
      }
    },
  },
  {
    id: 'contract.keys',
    title: 'Keys may use every allowed character, and different keys and namespaces are separate.',
    section,
    async run(context) {
      const keys = ['a', 'A', 'slack.channel.C123', 'slack.channel.C12', 'x-_.y', '0', 'k'.repeat(200)];
      const backend = context.backend({ groups: ['workers'] });
      await Promise.all(keys.map((key) => backend.publish(key, { key })));
      for (const key of keys) {
        const reader = await context.consume(backend, { group: 'workers', keys: key });
        const message = await reader.next(`the message of ${key.slice(0, 20)}`);
        check.equal([message.payload, message.metadata.key], [{ key }, key], 'payload and key');
        await message.ack();
        await reader.close();
      }
    },
  },
  {
    id: 'contract.default-keys',
    title: '`keys` defaults to all configured keys.',
    section,
    async run(context) {
      const backend = context.backend({ keys: ['one', 'two'], groups: ['workers'] });
      await context.publish(backend, [1], { key: 'one' });
      await context.publish(backend, [2], { key: 'two' });
      await context.publish(backend, [3], { key: 'three' });
      const reader = new Reader(backend.consume({ group: 'workers' }), 'a member of workers', context.deadlineMs);
      await context.collect(reader, [1, 2], 'messages of the configured keys');
    },
  },
  {
    id: 'contract.patterns',
    title:
      'With a pattern in `keys`, a consumer receives the messages of all matching keys if the backend declares `patterns`. Otherwise, the pattern is rejected.',
    section,
    async run(context) {
      const backend = context.backend();
      if (!context.capabilities.patterns) {
        for (const keys of ['slack.*', 'slack.#', '#']) {
          check.throws(() => backend.consume({ keys }), 'ERR_QUEUE_UNSUPPORTED', `the pattern ${keys}`);
        }
        return;
      }
      const one = await context.consume(backend, { group: 'one-word', keys: 'slack.*' });
      const any = await context.consume(backend, { group: 'any-words', keys: 'slack.#' });
      await context.publish(backend, [1], { key: 'slack.message' });
      await context.publish(backend, [2], { key: 'slack.message.channels' });
      await context.publish(backend, [3], { key: 'slack.reaction' });
      await context.collect(one, [1, 3], 'slack.*');
      await context.collect(any, [1, 2, 3], 'slack.#');
    },
  },
];

async function firstOf(backend: QueueBackend, options: ConsumeOptions): Promise<unknown> {
  return backend.consume(options).next();
}
