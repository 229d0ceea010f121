import { z } from 'zod';
import { channelArgument, timestampArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { objectsOf, stringOf } from '../../messages/json-fields.ts';
import { ToolError } from '../../tool-error.ts';
import { asPerson } from '../unreads/person.ts';

/** The tool `slack_mark_read`, which marks messages as read. */
export const markReadTool: Tool = defineTool({
  name: 'slack_mark_read',
  title: 'Mark as read',
  description: 'Mark the messages of a Slack channel as read, for the owner of the user token.',
  input: () =>
    z.strictObject({
      channel: channelArgument(),
      timestamp: timestampArgument().optional().describe('ts of the last message to mark. Default: the newest'),
    }),
  output: () => z.object({ channel: z.string(), last_read: z.string() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  scopes: ['channels:write', 'groups:write', 'im:write', 'mpim:write'],
  moreScopes: ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  tokens: ['user'],
  async run({ channel, timestamp }, context) {
    const { slack, channels, signal } = context;
    const id = await channels.resolve(channel, { signal });
    let ts = timestamp;
    if (ts === undefined) {
      const newest = await slack.call('conversations.history', { channel: id, limit: 1 }, asPerson(context));
      ts = stringOf(objectsOf(newest['messages'])[0]?.['ts']);
      if (ts === '') throw new ToolError('the channel has no messages, so nothing was marked as read', { channel: id });
    }
    await slack.call('conversations.mark', { channel: id, ts }, asPerson(context));
    return { channel: id, last_read: ts };
  },
});
