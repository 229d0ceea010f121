import { z } from 'zod';
import { channelArgument, timestampArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { fittingItems } from '../../messages/answer-budget.ts';
import { isObject, objectsOf, stringOf } from '../../messages/json-fields.ts';
import { exactTime } from '../../messages/message-lines.ts';

/** Maximum number of people to list for one reaction. The field `count` always contains the full number. */
const MOST_NAMED = 50;

/** The tool `slack_get_reactions`, which reads who reacted to a message. */
export const getReactionsTool: Tool = defineTool({
  name: 'slack_get_reactions',
  title: 'Read reactions',
  description: 'Read the emoji reactions of a Slack message, with the people who reacted.',
  input: () =>
    z.strictObject({
      channel: channelArgument(),
      timestamp: timestampArgument().describe("The message's ts"),
    }),
  output: () =>
    z.object({
      channel: z.string(),
      timestamp: z.string(),
      reactions: z.array(
        z.object({
          name: z.string(),
          count: z.int(),
          users: z.array(z.object({ id: z.string(), name: z.string().optional() })),
        }),
      ),
      truncated: z.string().optional(),
      note: z.string().optional(),
    }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['reactions:read'],
  async run({ channel, timestamp }, { slack, channels, users, signal }) {
    const id = await channels.resolve(channel, { signal });
    const { message } = await slack.call('reactions.get', { channel: id, timestamp, full: true }, { signal });
    const found = objectsOf(isObject(message) ? message['reactions'] : []).map((reaction) => ({
      name: stringOf(reaction['name']),
      count: Number(reaction['count'] ?? 0),
      ids: idsOf(reaction['users']).slice(0, MOST_NAMED),
    }));
    const names = await users.namesOf(
      found.flatMap(({ ids }) => ids),
      signal,
    );
    const reactions = found.map(({ ids, ...reaction }) => ({
      ...reaction,
      users: ids.map((user) => ({ id: user, ...(names.has(user) && { name: names.get(user) }) })),
    }));
    const fitting = fittingItems(reactions);
    const truncated =
      fitting < reactions.length
        ? `Only ${fitting} of ${reactions.length} reactions fit into one answer.`
        : reactions.some((reaction) => reaction.users.length < reaction.count)
          ? 'Not everyone who reacted is named; count is complete.'
          : undefined;
    return {
      channel: id,
      timestamp,
      reactions: reactions.slice(0, fitting),
      ...(truncated && { truncated }),
      ...(reactions.length === 0 && { note: NO_REACTIONS }),
    };
  },
  text: ({ channel, timestamp, reactions, truncated = '', note = '' }) =>
    [
      `Reactions to ${exactTime(timestamp)} in ${channel}: ${reactions.length === 0 ? 'none' : ''}`.trim(),
      ...reactions.map(({ name, count, users }) => `:${name}: ${count}: ${users.map(personOf).join(', ')}`),
      truncated,
      note,
    ]
      .filter(Boolean)
      .join('\n'),
});

const NO_REACTIONS = 'No one has reacted. If you mean another message, pass its own ts: each reply has one.';

function personOf({ id, name }: { id: string; name?: string | undefined }): string {
  return name === undefined ? id : `${name.replace(/\s+/g, ' ')} (${id})`;
}

function idsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
}
