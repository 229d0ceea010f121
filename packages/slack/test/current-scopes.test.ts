import { expect, test } from 'vitest';
import { currentScopes } from '../src/current-scopes.ts';
import { SlackApiError } from '../src/slack-error.ts';

test.each([
  ['chat:write:bot', 'chat:write'],
  ['chat:write:user', 'chat:write'],
  ['files:write:user', 'files:write'],
  ['post', 'chat:write'],
  ['chat:write:bot,chat:write:user', 'chat:write'],
  ['channels:read,groups:read', 'channels:read,groups:read'],
  ['users:read.email', 'users:read.email'],
])('maps %s to %s', (needed, scopes) => {
  expect(currentScopes(needed)).toBe(scopes);
});

test('advises to add the current scope if Slack names a classic one', () => {
  const error = new SlackApiError('chat.postMessage', 'missing_scope', { needed: 'chat:write:bot' });
  expect(error.needed).toBe('chat:write');
  expect(error.message).toBe('Slack refused chat.postMessage: missing_scope (needs chat:write).');
  expect(error.nextStep).toMatch(/^Add the scope chat:write to the Slack app/);
});
