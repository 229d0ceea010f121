import { expect, test } from 'vitest';
import { compose } from '../src/compose.ts';
import { logging } from '../src/logging.ts';
import { contextOf, envelope } from './support/message.ts';
import { recordingLogger } from './support/recording-logger.ts';

const context = contextOf(envelope({ type: 'app_mention', text: 'private' }));

test('logs start and end at the configured level', async () => {
  const logger = recordingLogger();
  await compose([logging(), logging({ level: 'info' })], async () => {})({ ...context, logger });
  expect(logger.entries.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'debug event_started',
    'info event_started',
    'info event_finished',
    'debug event_finished',
  ]);
  expect(logger.entries[0]).toMatchObject({ waitedMs: expect.any(Number) });
  expect(logger.entries[3]).toMatchObject({ durationMs: expect.any(Number) });
  expect(JSON.stringify(logger.entries)).not.toContain('private');
});

test('logs a failure and passes it on', async () => {
  const logger = recordingLogger();
  const run = compose([logging()], async () => {
    throw new Error('broken');
  });
  await expect(run({ ...context, logger })).rejects.toThrow('broken');
  expect(logger.named('event_finished')).toMatchObject([{ err: new Error('broken') }]);
});
