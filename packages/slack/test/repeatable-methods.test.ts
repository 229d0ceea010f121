import { describe, expect, it } from 'vitest';
import { isRepeatable } from '../src/repeatable-methods.ts';

describe('isRepeatable', () => {
  it.each([
    'conversations.history',
    'conversations.replies',
    'conversations.list',
    'users.info',
    'users.lookupByEmail',
    'users.conversations',
    'users.profile.get',
    'emoji.list',
    'auth.test',
    'search.messages',
    'reactions.add',
    'chat.update',
  ])('%s may be sent again', (method) => {
    expect(isRepeatable(method)).toBe(true);
  });

  it.each([
    'chat.postMessage',
    'chat.postEphemeral',
    'chat.scheduleMessage',
    'files.completeUploadExternal',
    'conversations.create',
    'conversations.invite',
    'canvases.create',
    'chat.meMessage',
    'something.newFromSlack',
  ])('%s may not', (method) => {
    expect(isRepeatable(method)).toBe(false);
  });
});
