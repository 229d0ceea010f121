import { SlackApiError, SlackError } from '@slack-mcp/slack';
import { z } from 'zod';
import { channelArgument, emojiArgument, timestampArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { explanationOf } from '../../explained-error.ts';
import { ToolError } from '../../tool-error.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';

/** The tool `slack_add_reactions`, which adds emoji reactions to a message. */
export const addReactionsTool: Tool = defineTool({
  name: 'slack_add_reactions',
  title: 'Add reactions',
  description: 'Add emoji reactions to a Slack message. A reaction that the bot has already added counts as done.',
  input: z.strictObject({
    channel: channelArgument,
    timestamp: timestampArgument.describe("The message's ts"),
    emojis: z.array(emojiArgument).min(1).max(23).describe('Names, like thumbsup'),
  }),
  output: z.object({
    channel: z.string(),
    timestamp: z.string(),
    added: z.array(z.string()),
    already_there: z.array(z.string()),
    not_added: z.array(z.string()),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  scopes: ['reactions:write'],
  usage: {
    title: 'How to add reactions',
    arguments: [CHANNEL_USAGE, { name: 'timestamp', description: "The message's ts" }],
    when: 'a reaction says enough: seen, done, agreed',
    guidance: [
      'timestamp: the ts of the message; it can be a reply in a thread.',
      'emojis: names without colons, like thumbsup. Write a skin tone like thumbsup::skin-tone-2.',
      'A reaction that is already there counts as done, so calling again is safe.',
    ],
  },
  async run({ channel, timestamp, emojis }, { slack, channels, signal, progress }) {
    const id = await channels.resolve(channel, { signal });
    const done = {
      channel: id,
      timestamp,
      added: [] as string[],
      already_there: [] as string[],
      not_added: [] as string[],
    };
    const names = [...new Set(emojis)];
    let failure: SlackError | undefined;
    for (const [index, name] of names.entries()) {
      progress(index, names.length);
      try {
        await slack.call('reactions.add', { channel: id, timestamp, name }, { signal });
        done.added.push(name);
      } catch (error) {
        if (!(error instanceof SlackError)) throw error;
        if (error instanceof SlackApiError && error.slackError === 'already_reacted') {
          done.already_there.push(name);
          continue;
        }
        failure = error;
        // The other names can still be valid. Any other failure would hit the next reaction too.
        if (error instanceof SlackApiError && error.slackError === 'invalid_name') {
          done.not_added.push(name);
          continue;
        }
        done.not_added.push(...names.slice(index));
        break;
      }
    }
    if (failure === undefined) return done;
    throw new ToolError(
      `these reactions were not added: ${done.not_added.join(', ')}. ${explanationOf(failure)}`,
      done,
      {
        nextStep: 'You can safely call again with all of them.',
        cause: failure,
      },
    );
  },
});
