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
    'reactions.remove',
    'chat.update',
    'conversations.join',
    'conversations.mark',
    'conversations.open',
    'views.publish',
    'users.getPresence',
    'chat.getPermalink',
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
    'conversations.leave',
    'views.open',
    'views.update',
    'reminders.add',
    'admin.users.invite',
  ])('%s may not', (method) => {
    expect(isRepeatable(method)).toBe(false);
  });
});
