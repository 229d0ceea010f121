import { z } from 'zod';
import { channelArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { stringOf } from '../../messages/json-fields.ts';

/** The tool `slack_join_channel`, which makes the bot a member of a public channel. */
export const joinChannelTool: Tool = defineTool({
  name: 'slack_join_channel',
  title: 'Join a channel',
  description: 'Join a public Slack channel as the bot, to read and post there. The members see that the bot joined.',
  input: () => z.strictObject({ channel: channelArgument() }),
  output: () => z.object({ channel: z.string(), already_member: z.literal(true).optional() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  scopes: ['channels:join', 'channels:write'],
  async run({ channel }, { slack, channels, signal }) {
    const id = await channels.resolve(channel, { signal });
    const answer = await slack.call('conversations.join', { channel: id }, { signal });
    const wasMember = stringOf(answer['warning']) === 'already_in_channel';
    return { channel: id, ...(wasMember && { already_member: true as const }) };
  },
});
