import { isPlaceholder } from '@slack-mcp/slack';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test.each([
  'xoxb-your-token',
  'xoxb-your-bot-token-here',
  'xoxp-YOUR_USER_TOKEN',
  'xapp-your-token',
  'xoxb-xxxxxxxx-xxxx',
  'xoxb-...',
  'changeme',
  'change-me',
  'your-signing-secret',
  '<token>',
  '$(openssl rand -hex 32)',
  '"$(uuidgen)"',
  '`uuidgen`',
  '{{ .Values.token }}',
  '%SLACK_BOT_TOKEN%',
])('recognizes %s as a placeholder', (text) => {
  expect(isPlaceholder(text)).toBe(true);
});

test.each(['a', 'token', 'key', 'my-key', 'xoxb-simulator', 'xoxb-1-a', 'yourself', 'an-example-of-entropy-4711'])(
  'accepts %s as a real value',
  (text) => {
    expect(isPlaceholder(text)).toBe(false);
  },
);

test('never mistakes a random secret for a placeholder', () => {
  const secret = fc.stringMatching(/^[0-9a-f]{16,64}$/);
  fc.assert(
    fc.property(secret, (text) => !isPlaceholder(text) && !isPlaceholder(`xoxb-${text}`)),
    { seed: 20 },
  );
});
