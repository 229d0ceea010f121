import { expectTypeOf } from 'vitest';
import {
  type AnyQueueError,
  type BackendPlugin,
  ConfigurationError,
  type ConsumeOptions,
  type ConsumerGroup,
  type Env,
  isBackendPlugin,
  isQueueBackend,
  isQueueError,
  type JsonObject,
  loadBackend,
  type MessageMetadata,
  type QueueBackend,
  type QueueBackendClass,
  type QueueErrorCode,
  type QueueMessage,
  type QueuePayload,
  readEnv,
  type Subscription,
  type Worker,
} from '../src/index.ts';
import { MinimalBackend } from './minimal-backend.ts';

declare const backend: QueueBackend;

interface Order extends JsonObject {
  id: string;
}

export async function messagesAreTyped(): Promise<void> {
  for await (const message of backend.consume<Order>({ group: 'orders' })) {
    expectTypeOf(message).toEqualTypeOf<QueueMessage<Order>>();
    expectTypeOf(message.payload.id).toEqualTypeOf<string>();
    expectTypeOf(message.metadata).toEqualTypeOf<MessageMetadata>();
    expectTypeOf(message.metadata.group).toEqualTypeOf<string | undefined>();
    expectTypeOf(message.ack).returns.toEqualTypeOf<Promise<void>>();
    // @ts-expect-error a delivered message is read-only
    message.metadata.retryCount = 1;
  }
  for await (const message of backend.consume()) expectTypeOf(message.payload).toEqualTypeOf<QueuePayload>();
  expectTypeOf(backend.consume<Order>()).toEqualTypeOf<Subscription<Order>>();
  expectTypeOf((await backend.consume().next()).value).toEqualTypeOf<QueueMessage | undefined>();
  await using owned = backend;
  expectTypeOf(owned.name).toEqualTypeOf<string>();
}

export function optionsAreOptional(): void {
  expectTypeOf<ConsumerGroup>().toEqualTypeOf<string | undefined>();
  expectTypeOf<ConsumeOptions>().toExtend<{ group?: string }>();
  expectTypeOf<{ keys: readonly string[] }>().toExtend<ConsumeOptions>();
  backend.consume({ keys: 'slack_events', ack: 'manual', prefetch: 1, from: 'latest' });
  void backend.publish('slack_events', { nested: [null, { a: 1 }] }, { messageId: 'Ev1', headers: { a: 'b' } });
  // @ts-expect-error `ack` accepts only two values
  backend.consume({ ack: 'on-delivery' });
  // @ts-expect-error a payload must be a JSON object
  void backend.publish('slack_events', 'text');
  // @ts-expect-error a payload cannot contain functions
  void backend.publish('slack_events', { run: () => 1 });
  // @ts-expect-error dead letters belong to a group
  backend.deadLetters({});
}

/** A missing code does not compile. */
export function errorsAreDiscriminated(error: AnyQueueError): string {
  expectTypeOf(error.retryable).toEqualTypeOf<boolean>();
  expectTypeOf<ConfigurationError['code']>().toEqualTypeOf<'ERR_QUEUE_CONFIG'>();
  expectTypeOf<AnyQueueError['code']>().toEqualTypeOf<QueueErrorCode>();
  switch (error.code) {
    case 'ERR_QUEUE_CONFIG':
      expectTypeOf(error).toEqualTypeOf<ConfigurationError>();
      return 'options';
    case 'ERR_QUEUE_BACKEND_NOT_FOUND':
    case 'ERR_QUEUE_BACKEND_INVALID':
      return 'installation';
    case 'ERR_QUEUE_AUTH':
    case 'ERR_QUEUE_TOPOLOGY':
    case 'ERR_QUEUE_TLS':
    case 'ERR_QUEUE_PROTOCOL':
      return 'broker';
    case 'ERR_QUEUE_CONNECTION':
    case 'ERR_QUEUE_HOST_NOT_FOUND':
    case 'ERR_QUEUE_CONNECTION_REFUSED':
    case 'ERR_QUEUE_TIMEOUT':
    case 'ERR_QUEUE_FULL':
      return 'later';
    case 'ERR_QUEUE_SERIALIZATION':
    case 'ERR_QUEUE_PAYLOAD_TOO_LARGE':
    case 'ERR_QUEUE_PUBLISH':
    case 'ERR_QUEUE_UNROUTABLE':
    case 'ERR_QUEUE_CONSUME':
    case 'ERR_QUEUE_LEASE_LOST':
      return 'message';
    case 'ERR_QUEUE_CLOSED':
    case 'ERR_QUEUE_UNSUPPORTED':
      return 'use';
    default:
      return error satisfies never;
  }
}

export function valuesAreNarrowed(value: unknown): void {
  if (isQueueBackend(value)) expectTypeOf(value).toEqualTypeOf<QueueBackend>();
  if (isBackendPlugin(value)) expectTypeOf(value).toEqualTypeOf<BackendPlugin>();
  if (isQueueError(value)) expectTypeOf(value.code).toEqualTypeOf<QueueErrorCode>();
  if (value instanceof ConfigurationError) expectTypeOf(value).toEqualTypeOf<ConfigurationError>();
}

export const plugin: BackendPlugin = {
  apiVersion: 1,
  name: 'minimal',
  env: [{ name: 'MINIMAL_URL', description: 'Where it is.', example: 'minimal://localhost', secret: true }],
  Backend: MinimalBackend,
} satisfies BackendPlugin;

MinimalBackend satisfies QueueBackendClass;
expectTypeOf<typeof MinimalBackend>().toExtend<QueueBackendClass<MinimalBackend>>();
expectTypeOf(plugin.Backend.fromEnv).returns.toEqualTypeOf<QueueBackend>();
expectTypeOf(plugin.Backend.fromEnv).parameter(0).toEqualTypeOf<Env | undefined>();

// @ts-expect-error unsupported API version
export const tooNew: BackendPlugin = { ...plugin, apiVersion: 2 };
// @ts-expect-error a backend without fromEnv
export const notABackend: BackendPlugin = { ...plugin, Backend: class {} };

export const worker: Worker = { close: async () => {} };

// @ts-expect-error a worker needs `close`
export const unclosable: Worker = {};

export function readingsAreTyped(source: Env): void {
  const env = readEnv([], source);
  expectTypeOf(env.string('A')).toEqualTypeOf<string | undefined>();
  expectTypeOf(env.string('A', { required: true })).toEqualTypeOf<string>();
  expectTypeOf(env.integer('A', { min: 1 })).toEqualTypeOf<number | undefined>();
  expectTypeOf(env.milliseconds('A', { default: 5, max: 10 })).toEqualTypeOf<number>();
  expectTypeOf(env.boolean('A', { default: false })).toEqualTypeOf<boolean>();
  expectTypeOf(env.oneOf('A', ['x', 'y'])).toEqualTypeOf<'x' | 'y' | undefined>();
  expectTypeOf(env.oneOf('A', ['x', 'y'], { default: 'x' })).toEqualTypeOf<'x' | 'y'>();
  expectTypeOf(env.list('A')).toEqualTypeOf<readonly string[]>();
  // @ts-expect-error not one of the values
  env.oneOf('A', ['x', 'y'], { default: 'z' });
}

export async function aLoadSaysWhy(): Promise<void> {
  const { backend, reason, plugin } = await loadBackend({ from: import.meta.url });
  expectTypeOf(backend).toEqualTypeOf<QueueBackend>();
  expectTypeOf(plugin).toEqualTypeOf<BackendPlugin | undefined>();
  expectTypeOf(reason).toEqualTypeOf<'instance' | 'plugin' | 'environment' | 'dependency' | 'default'>();
}
