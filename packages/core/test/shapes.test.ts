import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BackendPlugin, isBackendPlugin, isQueueBackend } from '../src/index.ts';
import { MinimalBackend } from './minimal-backend.ts';

const plugin: BackendPlugin = {
  apiVersion: 1,
  name: 'minimal',
  env: [{ name: 'MINIMAL_URL', description: 'Where it is.', example: 'minimal://localhost' }],
  Backend: MinimalBackend,
};

/** A plain copy of a backend with its methods as own members. */
function shape(): Record<PropertyKey, unknown> {
  const backend = new MinimalBackend();
  const { publish, consume, deadLetters, health, close } = backend;
  return {
    name: backend.name,
    capabilities: { ...backend.capabilities },
    publish,
    consume,
    deadLetters,
    health,
    close,
    [Symbol.asyncDispose]: backend[Symbol.asyncDispose],
  };
}

const throwing = new Proxy(
  {},
  {
    get() {
      throw new Error('get');
    },
    has() {
      throw new Error('has');
    },
    getPrototypeOf() {
      throw new Error('getPrototypeOf');
    },
    ownKeys() {
      throw new Error('ownKeys');
    },
  },
);

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const HOSTILE: readonly unknown[] = [
  null,
  undefined,
  0,
  'memory',
  Symbol('backend'),
  () => new MinimalBackend(),
  [],
  {},
  Object.create(null),
  throwing,
  revoked(),
  { ...shape(), capabilities: throwing },
  { ...shape(), capabilities: revoked() },
  { ...plugin, env: [throwing] },
  { ...plugin, env: revoked() },
  { ...plugin, env: [null] },
  { ...plugin, Backend: throwing },
  Object.defineProperty(shape(), 'name', {
    get() {
      throw new Error('name');
    },
  }),
];

test('recognises a backend by its shape, from any copy of the package', () => {
  expect(isQueueBackend(new MinimalBackend())).toBe(true);
  expect(isQueueBackend(shape())).toBe(true);
  expect(isQueueBackend(MinimalBackend)).toBe(false);
});

test.each(Reflect.ownKeys(shape()))('a backend has %s', (key) => {
  for (const value of [undefined, null, '', 1]) expect(isQueueBackend({ ...shape(), [key]: value })).toBe(false);
  const { [key]: _, ...rest } = shape();
  expect(isQueueBackend(rest)).toBe(false);
});

test.each(Object.keys(new MinimalBackend().capabilities))('a backend declares capabilities.%s', (key) => {
  const { capabilities } = new MinimalBackend();
  for (const value of [undefined, 'perhaps', -1, Number.NaN, {}]) {
    expect(isQueueBackend({ ...shape(), capabilities: { ...capabilities, [key]: value } })).toBe(false);
  }
});

test('rejects a capability that the contract does not have', () => {
  const { capabilities } = new MinimalBackend();
  expect(isQueueBackend({ ...shape(), capabilities: { ...capabilities, teleport: false } })).toBe(false);
  expect(isQueueBackend({ ...shape(), capabilities: { ...capabilities, startTime: true } })).toBe(true);
});

test('recognises a plugin by its shape', () => {
  expect(isBackendPlugin(plugin)).toBe(true);
  const facets = {
    taskQueue: './task-queue',
    dedupeStore: './dedupe-store',
    idempotencyStore: './idempotency-store',
  };
  expect(isBackendPlugin({ ...plugin, env: [], ...facets })).toBe(true);
});

test.each([
  ['another API version', { apiVersion: 2 }],
  ['its version as a string', { apiVersion: '1' }],
  ['a path as its name', { name: '../evil' }],
  ['a capital in its name', { name: 'Redis' }],
  ['no list of variables', { env: {} }],
  ['a variable without an example', { env: [{ name: 'A', description: 'A.' }] }],
  ['no class', { Backend: undefined }],
  ['a class without fromEnv', { Backend: class {} }],
  ['another task queue', { taskQueue: '../task-queue' }],
  ['another dedupe store', { dedupeStore: './task-queue' }],
  ['another idempotency store', { idempotencyStore: './dedupe-store' }],
])('rejects a plugin with %s', (_, change) => {
  expect(isBackendPlugin({ ...plugin, ...change })).toBe(false);
});

test.each(HOSTILE.map((value, index) => [index, value]))('rejects hostile value %i without throwing', (_, value) => {
  expect(isQueueBackend(value)).toBe(false);
  expect(isBackendPlugin(value)).toBe(false);
});

test('property: rejects any other value', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withTypedArray: true, withMap: true }), (value) => {
      expect(isQueueBackend(value)).toBe(false);
      expect(isBackendPlugin(value)).toBe(false);
    }),
  );
});
