import { formatText, redactSecrets } from '@slack-mcp/core';
import { describe, expect, test } from 'vitest';

describe('redactSecrets', () => {
  const redact = redactSecrets(['signing-secret', 'signing-secret-2', 'with"quote', 'abc', '']);

  test.each([
    ['replaces a known secret', 'x signing-secret y', 'x [redacted] y'],
    ['replaces the longer of two secrets', 'signing-secret-2', '[redacted]'],
    ['replaces a secret in JSON', JSON.stringify({ a: 'with"quote' }), '{"a":"[redacted]"}'],
    ['replaces any bot token', 'token xoxb-12345-abcdef!', 'token [redacted]!'],
    ['replaces a rotated token', 'xoxe.xoxb-1-abcdefgh', '[redacted]'],
    ['replaces an app token', '"xapp-1-A123-456-abc"', '"[redacted]"'],
    ['replaces credentials in a URL', 'amqp://user:pass@host:5672/', 'amqp://[redacted]@host:5672/'],
    ['keeps short texts', 'abc', 'abc'],
    ['keeps an ordinary address', 'http://127.0.0.1:3000/a@b', 'http://127.0.0.1:3000/a@b'],
  ])('%s', (_what, text, expected) => {
    expect(redact(text)).toBe(expected);
  });
});

describe('formatText', () => {
  test('writes a readable line', () => {
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

  test.each([
    ['a line break in a field', { sub: 'a\n03:04:05.678 INFO  forged' }, ' sub="a\\n03:04:05.678 INFO  forged"'],
    ['a terminal escape sequence', { sub: 'a\u001b[2J' }, ' sub=a\\u001b[2J'],
    ['a terminal escape sequence in one character', { sub: 'a\u009b2J' }, ' sub=a\\u009b2J'],
    ['a text with reversed direction', { sub: 'a\u202eb' }, ' sub=a\\u202eb'],
    ['another kind of line break', { sub: 'a\u2028b\rc' }, ' sub=a\\u2028b\\u000dc'],
    ['a text that looks like a field', { sub: 'a outcome=ok' }, ' sub="a outcome=ok"'],
    ['the name of a field', { 'a\nb=c': 1 }, ' "a\\nb=c"=1'],
    ['a nested value', { list: ['\u001b[31m'] }, ' list=["\\u001b[31m"]'],
  ])('writes one line for any content: %s', (_what, fields, expected) => {
    const entry = { level: 'info', time: '2030-01-02T03:04:05.678Z', ...fields, message: 'hello' };
    expect(formatText(JSON.stringify(entry))).toBe(`03:04:05.678 INFO  hello${expected}\n`);
  });

  test('writes the stack of an error below the line', () => {
    const entry = {
      level: 'error',
      time: '2030-01-02T03:04:05.678Z',
      err: { message: 'x', stack: 'Error: x\n  at y' },
    };
    expect(formatText(JSON.stringify(entry))).toBe('03:04:05.678 ERROR \nError: x\n  at y\n');
  });
});
