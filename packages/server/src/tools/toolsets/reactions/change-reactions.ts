import type { JsonObject } from '@slack-mcp/core';
import { SlackApiError, SlackError } from '@slack-mcp/slack';
import { similarEmoji } from '../../arguments/emoji-name.ts';
import { explanationOf } from '../../explained-error.ts';
import type { ChannelId } from '../../gates/channel-id.ts';
import type { ToolContext } from '../../tool-context.ts';
import { ToolError } from '../../tool-error.ts';

/** A change to the reactions of a message: adding or removing. */
export interface ReactionChange {
  readonly method: 'reactions.add' | 'reactions.remove';
  /** Slack's error code for a reaction that needs no change, because it was already added or does not exist. */
  readonly unchangedError: 'already_reacted' | 'no_reaction';
  /** The verb in the error message, either `added` or `removed`. */
  readonly verb: string;
}

/** The outcome for each reaction. */
export interface ChangedReactions {
  readonly changed: string[];
  readonly unchanged: string[];
  readonly failed: string[];
}

/**
 * Changes the reactions of a message, with one call to Slack for each reaction.
 *
 * @param outputOf - returns the output of the tool for the changes made before an error
 * @throws ToolError - some reactions were not changed
 */
export async function changeReactions<Output extends JsonObject>(
  target: { channel: ChannelId; timestamp: string; emojis: readonly string[] },
  { method, unchangedError, verb }: ReactionChange,
  outputOf: (reactions: ChangedReactions) => Output,
  { slack, signal, progress }: ToolContext,
): Promise<Output> {
  const { channel, timestamp } = target;
  const done: ChangedReactions = { changed: [], unchanged: [], failed: [] };
  const names = [...new Set(target.emojis)];
  const similar: string[] = [];
  let failure: SlackError | undefined;
  for (const [index, name] of names.entries()) {
    progress(index, names.length);
    try {
      await slack.call(method, { channel, timestamp, name }, { signal });
      done.changed.push(name);
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      if (error instanceof SlackApiError && error.slackError === unchangedError) {
        done.unchanged.push(name);
        continue;
      }
      failure = error;
      // The other names can still be valid. Any other failure would hit the next reaction too.
      if (error instanceof SlackApiError && error.slackError === 'invalid_name') {
        done.failed.push(name);
        similar.push(...similarEmoji(name));
        continue;
      }
      done.failed.push(...names.slice(index));
      break;
    }
  }
  if (failure === undefined) return outputOf(done);
  const hint = similar.length === 0 ? '' : `Similar names: ${[...new Set(similar)].join(', ')}. `;
  throw new ToolError(
    `these reactions were not ${verb}: ${done.failed.join(', ')}. ${explanationOf(failure)}`,
    outputOf(done),
    { nextStep: `${hint}You can safely call again with all of them.`, cause: failure },
  );
}
