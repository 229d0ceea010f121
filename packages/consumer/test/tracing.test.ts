import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import { compose } from '../src/compose.ts';
import { type HandleTrace, tracing } from '../src/tracing.ts';
import { contextOf, envelope } from './support/message.ts';

const mention = envelope({ type: 'app_mention', text: 'hi' });

/** Records what is published while the test runs. */
function subscribed(): string[] {
  const seen: string[] = [];
  const channel = tracingChannel<unknown, HandleTrace>('slack-mcp:consumer:handle');
  const note =
    (name: string) =>
    ({ context, traceparent, error }: HandleTrace): unknown =>
      seen.push(`${name} ${context.metadata.messageId} ${traceparent} ${(error as Error | undefined)?.message ?? ''}`);
  const subscribers = {
    start: note('start'),
    end: note('end'),
    asyncStart: note('asyncStart'),
    asyncEnd: note('asyncEnd'),
    error: note('error'),
  };
  channel.subscribe(subscribers);
  onTestFinished(() => void channel.unsubscribe(subscribers));
  return seen;
}

test('publishes the handling with the publisher’s trace', async () => {
  const seen = subscribed();
  const run = compose([tracing()], async () => {});
  await run(contextOf(mention, { headers: { traceparent: '00-1-2-01' } }));
  expect(seen.map((entry) => entry.trim())).toEqual([
    'start Ev1 00-1-2-01',
    'end Ev1 00-1-2-01',
    'asyncStart Ev1 00-1-2-01',
    'asyncEnd Ev1 00-1-2-01',
  ]);
});

test('publishes a failure, which still fails the message', async () => {
  const seen = subscribed();
  const run = compose([tracing()], async () => {
    throw new Error('broken');
  });
  await expect(run(contextOf(mention))).rejects.toThrow('broken');
  expect(seen).toContain('error Ev1 undefined broken');
});

test('ends the trace of an abandoned handler', async () => {
  const seen = subscribed();
  const given = new AbortController();
  const run = compose([tracing()], async () => {
    given.abort(new Error('given up'));
    await new Promise(() => {});
  });
  await expect(run({ ...contextOf(mention), signal: given.signal })).rejects.toThrow('given up');
  expect(seen).toContain('asyncEnd Ev1 undefined given up');
});

test('provides a store that is bound to the start in the handlers', async () => {
  const store = new AsyncLocalStorage<string>();
  const { start } = tracingChannel<string, HandleTrace>('slack-mcp:consumer:handle');
  start.bindStore(store, ({ context }) => `span of ${context.metadata.messageId}`);
  onTestFinished(() => void start.unbindStore(store));
  const spans: unknown[] = [];
  await compose([tracing()], async () => {
    await new Promise(setImmediate);
    spans.push(store.getStore());
  })(contextOf(mention));
  expect(spans).toEqual(['span of Ev1']);
});
