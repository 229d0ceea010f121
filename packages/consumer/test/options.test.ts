import { ConfigurationError } from '@slack-mcp/core';
import { describe, expect, test } from 'vitest';
import { type ConsumerOptions, createConsumer, type SlackHandlers } from '../src/index.ts';
import { createTestContext } from '../src/testing/index.ts';
import { recordingLogger } from './support/recording-logger.ts';

/** Creates a consumer with options that no compiler has checked. */
const unchecked = (options: object) => createConsumer(options as ConsumerOptions);
const context = { ...createTestContext(), group: 'bot' };

test.each<[string, object, string]>([
  ['no option', { typo: 1 }, 'typo: no such option; the options are backend, group, keys, '],
  ['nearly an option', { concurency: 1 }, 'concurency: no such option; did you mean concurrency?'],
  ['nearly an option of retry', { retry: { maxRetry: 1 } }, 'retry.maxRetry: no such option'],
  ['a misspelled option of retry', { retry: { maxRetires: 1 } }, 'did you mean retry.maxRetries?'],
  ['retry', { retry: 3 }, 'retry: not an object'],
  ['retry.jitter', { retry: { jitter: 'foo' } }, "retry.jitter: must be 'full' or 'none'"],
  ['retry.random', { retry: { random: 0.5 } }, 'retry.random: not a function'],
  ['retry.factor', { retry: { factor: Number.NaN } }, 'retry.factor: not a number of at least 0'],
  ['retry.initialDelayMs', { retry: { initialDelayMs: '5' } }, 'retry.initialDelayMs: not a number'],
  ['retry.maxDelayMs', { retry: { maxDelayMs: -1 } }, 'retry.maxDelayMs: not a number'],
  ['from', { from: 'x' }, "from: must be 'earliest' or 'latest'"],
  ['no keys', { keys: [] }, 'keys: not one or more keys'],
  ['an empty key', { keys: '' }, 'keys: not one or more keys'],
  ['keys', { keys: [5] }, 'keys: not one or more keys'],
  ['middleware', { middleware: [5] }, 'middleware: not a list of functions'],
  ['one middleware', { middleware: async () => {} }, 'middleware: not a list of functions'],
  ['slack', { slack: {} }, 'slack: not a client'],
  ['logger', { logger: { info: () => {} } }, 'logger: a logger must have the methods debug, info, warn, error'],
  ['handlers', { handlers: [] }, 'handlers: not an object or class'],
  ['a handler', { handlers: { onCommand: 'x' } }, 'handlers.onCommand: not a function'],
  [
    'nearly a handler',
    { handlers: { onMessage() {}, onAppMentoin() {} } },
    "handlers.onAppMentoin: there is no such event; did you mean onAppMention? For a custom event, use on('app_mentoin', …)",
  ],
  ['nearly an interaction', { handlers: { onViewCloesd() {} } }, 'did you mean onViewClosed?'],
  ['backend', { backend: {} }, 'backend: not a queue backend'],
])('rejects at run time what the compiler would reject: %s', (_name, options, problem) => {
  const making = () => unchecked({ ...context, ...options });
  expect(making).toThrow(ConfigurationError);
  expect(making).toThrow(problem);
});

test('rejects missing options', () => {
  expect(() => createConsumer(undefined as never)).toThrow(ConfigurationError);
});

describe('a group', () => {
  test('is required, even if it is undefined', () => {
    const making = () => unchecked(createTestContext());
    expect(making).toThrow(ConfigurationError);
    expect(making).toThrow(/^group: missing: .*\{ group: 'bot', \.\.\.context \}.*--group NAME/);
    expect(unchecked({ ...createTestContext(), group: undefined }).group).toBeUndefined();
  });

  test.each([
    [undefined, 1],
    ['bot', 0],
  ])('that is %s causes %i warnings', async (group, times) => {
    const logger = recordingLogger();
    const consumer = unchecked({ ...createTestContext({ logger }), group });
    await consumer.start();
    await consumer.close();
    expect(logger.named('consumer_without_group')).toHaveLength(times);
  });
});

describe('a handler for an unknown event', () => {
  test('causes a warning, because it may be for a custom event', () => {
    const logger = recordingLogger();
    const consumer = unchecked({ ...context, logger, handlers: { onInvoicePaid() {}, onMessageIm() {}, onView() {} } });
    consumer.use({ onWarehouseEmptied() {} } as SlackHandlers);
    expect(logger.entries).toEqual([
      { level: 'warn', message: 'handler_name_unknown', method: 'onInvoicePaid', event: 'invoice_paid' },
      { level: 'warn', message: 'handler_name_unknown', method: 'onWarehouseEmptied', event: 'warehouse_emptied' },
    ]);
  });

  test('is rejected with the right name if it is similar to a known one', () => {
    const logger = recordingLogger();
    const consumer = unchecked({ ...context, logger });
    consumer.on('app_mentoin' as 'app_mention', () => {}).on('app_mention', () => {});
    consumer.on('message.chanels' as 'message.channels', () => {}).on('invoice_paid', () => {});
    expect(logger.entries).toEqual([
      { level: 'warn', message: 'handler_name_unknown', event: 'app_mentoin', meant: 'app_mention' },
      { level: 'warn', message: 'handler_name_unknown', event: 'message.chanels', meant: 'message.channels' },
    ]);
    expect(() => consumer.on(undefined as never, () => {})).toThrow(ConfigurationError);
  });
});
