import { refuse } from '../slack-api-error.ts';
import type { SharedFile } from '../workspace/shared-files.ts';
import type { Call } from './call.ts';

/**
 * Whether the caller may change a canvas or a list: the owner, a user with write access, and members of the channels
 * that share it may.
 */
export function mayEdit({ workspace, caller }: Call, { user, access, shares }: SharedFile): boolean {
  const level = access.get(caller);
  const isEditor = level === 'write' || level === 'owner';
  const isMember = shares.some(
    (share) => share.level !== 'read' && workspace.channel(share.channel).members.has(caller),
  );
  return user === caller || isEditor || isMember;
}

/**
 * Gives channels or users access to a canvas or a list, as documented for `canvases.access.set` and
 * `slackLists.access.set`: either `channel_ids` or `user_ids`, not both.
 */
export function giveAccess(call: Call, file: SharedFile): void {
  const { channels, users } = whoOf(call);
  if ((channels === undefined) === (users === undefined)) refuse('invalid_parameters');
  const level = call.requiredText('access_level');
  if (!['read', 'write', 'owner'].includes(level)) refuse('invalid_arguments');
  for (const channel of channels ?? []) {
    removeShares(file, channel);
    // The pages do not say which field of the file names the channel.
    file.shares.push({ channel, ts: call.workspace.clock.nextTs(), level });
  }
  for (const user of users ?? []) file.access.set(user, level);
}

/** Takes access to a canvas or a list away from channels or users, as documented for `canvases.access.delete`. */
export function takeAccess(call: Call, file: SharedFile): void {
  const { channels, users } = whoOf(call);
  if (channels === undefined && users === undefined) refuse('invalid_parameters');
  for (const channel of channels ?? []) removeShares(file, channel);
  for (const user of users ?? []) file.access.delete(user);
}

/** @throws SlackApiError `channel_not_found`, `user_not_found` */
function whoOf(call: Call): { channels: string[] | undefined; users: string[] | undefined } {
  const channels = idsOf(call, 'channel_ids');
  const users = idsOf(call, 'user_ids');
  for (const id of channels ?? []) {
    const channel = call.workspace.findChannel(id);
    if (channel === undefined || channel.id !== id || !call.sees(channel)) refuse('channel_not_found');
  }
  for (const id of users ?? []) if (call.workspace.findUser(id)?.id !== id) refuse('user_not_found');
  return { channels, users };
}

function idsOf(call: Call, name: string): string[] | undefined {
  const ids = call.json(name, 'invalid_parameters');
  return Array.isArray(ids) ? ids.map(String) : undefined;
}

function removeShares({ shares }: SharedFile, channel: string): void {
  const others = shares.filter((share) => share.channel !== channel);
  shares.splice(0, shares.length, ...others);
}
