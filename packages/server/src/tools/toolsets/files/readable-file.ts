import type { JsonObject } from '@slack-mcp/core';
import type { TokenKind } from '@slack-mcp/slack';
import { orAsPerson } from '../../as-person.ts';
import type { ChannelId } from '../../gates/channel-id.ts';
import { NotAllowedError } from '../../gates/not-allowed-error.ts';
import { isObject } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';
import { byChannel } from './slack-file.ts';

/** A file that may be read, and the kind of token that sees it. */
export interface ReadableFile {
  readonly file: JsonObject;
  /** A channel that shares the file and may be read. Undefined if Slack names none, and no setting restricts channels. */
  readonly channel: ChannelId | undefined;
  readonly as: TokenKind | undefined;
}

/**
 * Reads the facts about a file. The file may be read if one of its channels may be read. A file without channels, such
 * as a canvas that is not shared, may be read if no setting restricts channels.
 *
 * @throws NotAllowedError - no channel that shares the file may be read
 * @throws SlackError
 */
export async function readableFile(
  id: string,
  { slack, channels, signal }: Pick<ToolContext, 'slack' | 'channels' | 'signal'>,
): Promise<ReadableFile> {
  let kind: TokenKind | undefined;
  const answer = await orAsPerson((as) => {
    kind = as;
    return slack.call('files.info', { file: id }, { signal, ...(as && { as }) });
  });
  const { items, withheld } = await channels.readable(
    answer,
    ({ file }) => byChannel(isObject(file) ? [file] : []),
    (item) => item.channel,
    { signal },
  );
  const [found] = items;
  if (found !== undefined) return { file: found.item.file, channel: found.channel, as: kind };
  if (withheld === 0) {
    try {
      const { file } = channels.openAnywhere(answer);
      if (isObject(file)) return { file, channel: undefined, as: kind };
    } catch (error) {
      if (!(error instanceof NotAllowedError)) throw error;
    }
    throw new NotAllowedError({ setting: SETTING, message: SHARED_NOWHERE });
  }
  throw new NotAllowedError({ setting: SETTING, message: SHARED_ELSEWHERE });
}

const SETTING = 'SLACK_MCP_READ_CHANNELS';
const SHARED_NOWHERE = `The file is shared in no channel, so ${SETTING} cannot be checked.`;
const SHARED_ELSEWHERE = `${SETTING} or SLACK_MCP_EXTERNAL_CHANNELS denies reading every channel that shares the file.`;
