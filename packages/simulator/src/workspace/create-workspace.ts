import type { SlackBehavior } from '../slack-behavior.ts';
import type { Clock } from './clock.ts';
import { formatTs } from './clock.ts';
import { crowdOfChannels, crowdOfUsers } from './crowd.ts';
import { newChannel } from './new-channel.ts';
import { renderFile } from './render-file.ts';
import type { ChannelSeed, CommentSeed, MessageSeed, UserSeed, WorkspaceSeed } from './seed.ts';
import { defaultSeed } from './seed.ts';
import type { SharedFile } from './shared-files.ts';
import { Workspace } from './workspace.ts';

/** The time at which the history of the seed begins: 2023-11-14T22:13:20Z on every run. */
const PAST_SECONDS = 1_700_000_000;

/** Creates a workspace from a seed. Missing keys of the seed are taken from the default seed. */
export function createWorkspace(seed: WorkspaceSeed, clock: Clock, behavior: SlackBehavior): Workspace {
  const defaults = defaultSeed();
  const bot = { ...defaults.bot, ...seed.bot };
  const { users = 0, channels = 0 } = seed.crowd ?? {};
  const crowd = {
    users: crowdOfUsers(users),
    channels: crowdOfChannels(channels, { creator: bot.userId, created: PAST_SECONDS }),
  };
  const workspace = new Workspace({ team: { ...defaults.team, ...seed.team }, bot, clock, crowd, behavior });
  for (const user of seed.users ?? defaults.users) addUser(workspace, user);
  addUser(workspace, { id: bot.userId, name: bot.name, realName: bot.name, isBot: true });
  for (const group of seed.userGroups ?? defaults.userGroups) {
    workspace.userGroups.push({ description: '', users: [], isDisabled: false, ...group });
  }
  for (const [name, url] of Object.entries(seed.emoji ?? defaults.emoji)) workspace.emoji.set(name, url);
  let seconds = PAST_SECONDS;
  const nextTs = (): string => formatTs(seconds++ * 1e6 + 100);
  for (const channel of seed.channels ?? defaults.channels) addChannel(workspace, channel, nextTs);
  return workspace;
}

function addUser(workspace: Workspace, seed: UserSeed): void {
  workspace.addUser({
    id: seed.id,
    name: seed.name,
    realName: seed.realName ?? seed.name,
    email: seed.email,
    title: seed.title ?? '',
    isAway: seed.isAway ?? false,
    isBot: seed.isBot ?? false,
    isAdmin: seed.isAdmin ?? false,
    deleted: seed.deleted ?? false,
  });
}

function addChannel(workspace: Workspace, seed: ChannelSeed, nextTs: () => string): void {
  const channel = workspace.addChannel({
    id: seed.id,
    name: seed.name ?? '',
    type: seed.type ?? 'channel',
    creator: seed.creator ?? seed.members[0] ?? workspace.bot.userId,
    created: PAST_SECONDS,
    isGeneral: seed.isGeneral ?? false,
    isExtShared: seed.isExtShared ?? false,
    isArchived: seed.isArchived ?? false,
    topic: seed.topic ?? '',
    purpose: seed.purpose ?? '',
    members: new Set(seed.members.map((id) => workspace.user(id).id)),
  });
  for (const message of seed.messages ?? []) {
    const parentTs = addMessage(workspace, channel.id, message, nextTs);
    for (const reply of message.replies ?? []) addMessage(workspace, channel.id, reply, nextTs, parentTs);
  }
}

function addMessage(
  workspace: Workspace,
  channel: string,
  seed: MessageSeed,
  nextTs: () => string,
  threadTs?: string,
): string {
  const author = workspace.user(seed.user).id;
  const { text, fields = {} } = seed;
  const time = seed.ts ?? nextTs();
  const created = Math.floor(Number(time));
  const files = (seed.files ?? []).map((file) =>
    workspace.uploads.files.add({ id: workspace.newId('F'), ...file, user: author, created }),
  );
  const { ts } = workspace.postMessage(channel, author, {
    text,
    ts: time,
    threadTs,
    fields: { ...fields, ...(files.length > 0 && { files: files.map((file) => renderFile(workspace, file)) }) },
  });
  for (const file of files) file.shares.push({ channel, ts });
  for (const [index, file] of files.entries()) {
    for (const comment of seed.files?.[index]?.comments ?? []) addComment(workspace, file, channel, comment, nextTs);
  }
  for (const [name, users] of Object.entries(seed.reactions ?? {})) {
    for (const user of users) workspace.addReaction(channel, ts, workspace.user(user).id, name);
  }
  return ts;
}

/**
 * Adds a comment to a canvas. Slack documents no method that reads such comments. As reported in rusq/slackdump
 * (internal/edge/canvas.go), comments are threads in a conversation whose id is the id of the canvas with `C` instead
 * of `F`. The first message of a thread has the subtype `document_comment_root` and contains the text that the comment
 * is about.
 */
function addComment(
  workspace: Workspace,
  { id, user: creator }: SharedFile,
  channel: string,
  { about, user, text, replies = [] }: CommentSeed,
  nextTs: () => string,
): void {
  const place = `C${id.slice(1)}`;
  if (workspace.findChannel(place) === undefined) {
    const members = new Set(workspace.channel(channel).members);
    workspace.addChannel(
      newChannel({ id: place, name: '', type: 'group', creator, created: PAST_SECONDS, members, isHidden: true }),
    );
  }
  const fields = { subtype: 'document_comment_root' };
  const root = workspace.postMessage(place, 'USLACKBOT', { text: about, ts: nextTs(), fields });
  for (const comment of [{ user, text }, ...replies]) {
    const author = workspace.user(comment.user).id;
    workspace.postMessage(place, author, { text: comment.text, ts: nextTs(), threadTs: root.ts });
  }
}
