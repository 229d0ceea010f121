import type { JsonObject } from '@slack-mcp/core';
import { NotAllowedError } from '../../gates/not-allowed-error.ts';
import { isObject } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';
import { byChannel, type FileInChannel } from './slack-file.ts';

/** The setting that restricts writes, for error messages. */
const SETTING = 'SLACK_MCP_WRITE_CHANNELS';
/** All settings that restrict channels, for error messages. */
const SETTINGS = `${SETTING}, SLACK_MCP_READ_CHANNELS or SLACK_MCP_EXTERNAL_CHANNELS`;

/**
 * Allows a change to a canvas or list only if every channel that shares it may be read and written to, because all of
 * these channels show the change. Makes no call to Slack if no setting restricts channels.
 *
 * @param noun - what is changed, for example `canvas`
 * @throws NotAllowedError - a channel may not be used, or a setting restricts channels and Slack names no channel
 * @throws SlackError
 */
export async function passEditableFile(
  id: string,
  noun: string,
  { slack, channelsFor, signal }: Pick<ToolContext, 'slack' | 'channelsFor' | 'signal'>,
): Promise<void> {
  const gates = [channelsFor({ writes: true }), channelsFor({ writes: false })];
  try {
    for (const gate of gates) gate.passAnywhere();
    return;
  } catch (error) {
    if (!(error instanceof NotAllowedError)) throw error;
  }
  const answer = await slack.call('files.info', { file: id }, { signal });
  for (const gate of gates) {
    const { items, withheld } = await gate.readable(answer, filesOf, ({ channel }) => channel, { signal });
    if (withheld > 0) {
      throw new NotAllowedError({ setting: SETTING, message: `${SETTINGS} denies a channel that shares the ${noun}.` });
    }
    if (items.length === 0) {
      throw new NotAllowedError({
        setting: SETTING,
        message: `Slack names no channel that shares the ${noun}, so ${SETTING} cannot be checked.`,
      });
    }
  }
}

function filesOf({ file }: JsonObject): FileInChannel[] {
  return byChannel(isObject(file) ? [file] : []);
}
