import type { JsonObject } from '../json.ts';
import type { Channel } from '../workspace/model.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Returns a conversation in the form in which the `conversations.*` methods show it to `viewer`. */
export function renderChannel(workspace: Workspace, channel: Channel, viewer: string): JsonObject {
  const { id, created } = channel;
  const team = workspace.team.id;
  if (channel.type === 'im') {
    const user = [...channel.members].find((member) => member !== viewer) ?? viewer;
    const isUserDeleted = workspace.findUser(user)?.deleted ?? false;
    const base = { id, created, is_archived: false, is_im: true, is_org_shared: false, context_team_id: team };
    return { ...base, updated: created * 1000, user, is_user_deleted: isUserDeleted, priority: 0 };
  }
  return {
    id,
    name: channel.name,
    is_channel: channel.type === 'channel',
    is_group: channel.type === 'group',
    is_im: false,
    is_mpim: channel.type === 'mpim',
    is_private: channel.type !== 'channel',
    created,
    is_archived: channel.isArchived,
    is_general: channel.isGeneral,
    unlinked: 0,
    name_normalized: channel.name,
    is_shared: channel.isExtShared,
    is_org_shared: false,
    is_pending_ext_shared: false,
    pending_shared: [],
    context_team_id: team,
    updated: created * 1000,
    parent_conversation: null,
    creator: channel.creator,
    is_ext_shared: channel.isExtShared,
    shared_team_ids: [team],
    pending_connected_team_ids: [],
    is_member: channel.members.has(viewer),
    topic: note(channel.topic, channel),
    purpose: note(channel.purpose, channel),
    previous_names: [],
    ...canvasOf(workspace, id),
  };
}

/**
 * Returns the canvas of a channel as `properties` (reported in slack-go/slack#1228), or no fields for a channel without
 * a canvas.
 */
function canvasOf({ uploads: { canvases } }: Workspace, channel: string): JsonObject {
  const id = canvases.ofChannels.get(channel);
  if (id === undefined) return {};
  return { properties: { canvas: { file_id: id, is_empty: canvases.sections(id).length === 0, quip_thread_id: id } } };
}

function note(value: string, channel: Channel): JsonObject {
  return { value, creator: value ? channel.creator : '', last_set: value ? channel.created : 0 };
}
