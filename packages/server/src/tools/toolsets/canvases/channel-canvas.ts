import { isObject, stringOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';
import { ToolError } from '../../tool-error.ts';

/**
 * Returns the id of the canvas that belongs to a channel. The caller must be allowed to use the channel.
 *
 * Source: docs.slack.dev/reference/objects/conversation-object, `properties.canvas`.
 *
 * @throws NotAllowedError - the channel may not be used
 * @throws ToolError - the channel has no canvas
 * @throws SlackError
 */
export async function channelCanvas(
  reference: string,
  { slack, channels, signal }: Pick<ToolContext, 'slack' | 'channels' | 'signal'>,
): Promise<string> {
  const id = await channels.resolve(reference, { signal });
  const { channel } = await slack.call('conversations.info', { channel: id }, { signal });
  const properties = isObject(channel) ? channel['properties'] : undefined;
  const canvas = isObject(properties) ? properties['canvas'] : undefined;
  const file = isObject(canvas) ? stringOf(canvas['file_id']) : '';
  if (file !== '') return file;
  const nextStep = 'Create it with action: "create" and as_channel_canvas: true, or pass the id of another canvas.';
  throw new ToolError('The channel has no canvas of its own.', { channel: id }, { nextStep });
}
