import { expect, test } from 'vitest';
import { redactSecrets } from '../src/text/redact-secrets.ts';

const redact = redactSecrets(['hunter2-the-long-one', 'hunter2', 'a"b\\c-secret', 'no']);

test.each([
  ['a known secret', 'with hunter2 inside', 'with [redacted] inside'],
  ['one that begins with another', 'hunter2-the-long-one', '[redacted]'],
  ['one as it stands in JSON', JSON.stringify({ key: 'a"b\\c-secret' }), '{"key":"[redacted]"}'],
  ['a token that was not passed in', 'Bearer xoxb-1-abcdef', 'Bearer [redacted]'],
  ['credentials in a URL', 'redis://user:pass@host:6379', 'redis://[redacted]@host:6379'],
  ['a word too short to be a secret', 'short', 'short'],
])('%s', (_name, text, clean) => {
  expect(redact(text)).toBe(clean);
});

test.each([[['hunter2', 'hunter2-the-long-one']], [['hunter2-the-long-one', 'hunter2']]])(
  'leaves no part of the longer of two secrets, in either order: %j',
  (secrets) => {
    expect(redactSecrets(secrets)('hunter2-the-long-one and hunter2')).toBe('[redacted] and [redacted]');
  },
);
