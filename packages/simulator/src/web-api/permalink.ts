import type { Channel, Message } from '../workspace/model.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Returns the URL of a message in the workspace's archives. */
export function permalink(workspace: Workspace, channel: Channel, message: Message): string {
  const link = `https://${workspace.team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}`;
  const isReply = message.thread_ts !== undefined && message.thread_ts !== message.ts;
  return isReply ? `${link}?thread_ts=${message.thread_ts}&cid=${channel.id}` : link;
}
