import { SlackNetworkError } from '@slack-mcp/slack';
import { z } from 'zod';
import { defineTool, type Tool } from '../../define-tool.ts';
import { isObject, stringOf } from '../../messages/json-fields.ts';

/** Maximum number of people that Slack accepts. */
const MOST_PEOPLE = 8;

/** The tool `slack_open_conversation`, which opens direct messages with one or several people. */
export const openConversationTool: Tool = defineTool({
  name: 'slack_open_conversation',
  title: 'Open direct messages',
  description:
    'Open Slack direct messages with one person or a group, and return their channel id, even if they are already open.',
  input: () =>
    z.strictObject({
      users: z.array(z.string().min(1).max(200)).min(1).max(MOST_PEOPLE).describe('User ids or @names'),
    }),
  output: () => z.object({ channel: z.string(), users: z.array(z.string()), already_open: z.literal(true).optional() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  scopes: ['im:write', 'mpim:write'],
  async run({ users: people }, { slack, channels, signal }) {
    const ids: string[] = [];
    for (const person of people) {
      // The rules for direct messages apply to each person, because the id of a new conversation is not known yet.
      const id = await channels.resolve(asPerson(person), { signal, opens: true });
      if (!ids.includes(id)) ids.push(id);
    }
    const answer = await slack.call('conversations.open', { users: ids.join(',') }, { signal });
    const opened = isObject(answer['channel']) ? stringOf(answer['channel']['id']) : '';
    if (opened === '') throw new SlackNetworkError('conversations.open', 'invalid_answer');
    const channel = await channels.resolve(opened, { signal });
    return { channel, users: ids, ...(answer['already_open'] === true && { already_open: true as const }) };
  },
});

/** Returns a reference that can only mean a person, because a bare name means a channel. */
function asPerson(reference: string): string {
  const text = reference.trim();
  return /^@|^<@|^[UW][A-Z0-9]{8,}$/.test(text) ? text : `@${text}`;
}
