import { formatText, redactSecrets } from '@slack-mcp/core';
import { describe, expect, test } from 'vitest';

describe('redactSecrets', () => {
  const redact = redactSecrets(['signing-secret', 'signing-secret-2', 'with"quote', 'abc', '']);

  test.each([
    ['a known secret', 'x signing-secret y', 'x [redacted] y'],
    ['the longer of two', 'signing-secret-2', '[redacted]'],
    ['a secret as JSON has it', JSON.stringify({ a: 'with"quote' }), '{"a":"[redacted]"}'],
    ['any bot token', 'token xoxb-12345-abcdef!', 'token [redacted]!'],
    ['a rotated token', 'xoxe.xoxb-1-abcdefgh', '[redacted]'],
    ['an app token', '"xapp-1-A123-456-abc"', '"[redacted]"'],
    ['credentials in a URL', 'amqp://user:pass@host:5672/', 'amqp://[redacted]@host:5672/'],
    ['nothing short', 'abc', 'abc'],
    ['no ordinary address', 'http://127.0.0.1:3000/a@b', 'http://127.0.0.1:3000/a@b'],
  ])('%s', (_what, text, expected) => {
    expect(redact(text)).toBe(expected);
  });
});

describe('formatText', () => {
  test('is a line for people', () => {
    const entry = {
      level: 'warn',
      time: '2030-01-02T03:04:05.678Z',
      port: 1,
      list: [1],
      name: 'a b',
      message: 'hello',
    };
    expect(formatText(`${JSON.stringify(entry)}\n`)).toBe('03:04:05.678 WARN  hello port=1 list=[1] name=a b\n');
  });

  test('shows the stack of an error below', () => {
    const entry = {
      level: 'error',
      time: '2030-01-02T03:04:05.678Z',
      err: { message: 'x', stack: 'Error: x\n  at y' },
    };
    expect(formatText(JSON.stringify(entry))).toBe('03:04:05.678 ERROR \nError: x\n  at y\n');
  });
});
