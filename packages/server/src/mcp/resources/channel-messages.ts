import { readPage } from '../../tools/messages/read-page.ts';
import type { ResourceTemplate } from './resource-template.ts';

/** Maximum number of messages in the resource, enough for an overview. Clients read further messages with the tools. */
const LIMIT = 50;

/** The resource `slack://channels/{channel}/messages`, with the latest messages of a channel. */
export const channelMessagesResource: ResourceTemplate = {
  path: 'channels/{channel}/messages',
  name: 'channel-messages',
  title: 'Latest messages of a channel',
  description: `The latest ${LIMIT} messages in a Slack channel, newest first. Identify the channel by id or name.`,
  toolset: 'messages',
  async read({ channel }, context) {
    const { slack, signal } = context;
    const answer = await slack.call('conversations.history', { channel, limit: LIMIT }, { signal });
    return readPage(channel, answer, LIMIT, context);
  },
};

/** The resource `slack://channels/{channel}/threads/{thread_ts}`, with the first messages of a thread. */
export const threadMessagesResource: ResourceTemplate = {
  path: 'channels/{channel}/threads/{thread_ts}',
  name: 'thread-messages',
  title: 'A thread',
  description: `The first ${LIMIT} messages in a thread, oldest first. Identify the thread by its channel and the ts of its first message.`,
  toolset: 'messages',
  async read({ channel, thread_ts = '' }, context) {
    const { slack, signal } = context;
    const args = { channel, ts: thread_ts, limit: LIMIT };
    return readPage(channel, await slack.call('conversations.replies', args, { signal }), LIMIT, context, {
      order: 'oldest-first',
    });
  },
};
