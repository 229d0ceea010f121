import type { JsonObject } from '../json.ts';
import type { SharedFile } from './shared-files.ts';
import type { Workspace } from './workspace.ts';

/** Returns a file as messages show it, without the conversations that share it. */
export function renderFile({ team, uploads }: Workspace, file: SharedFile): JsonObject {
  const { id, name, title, mimetype, filetype, mode, bytes, user, created, external } = file;
  const isPublicUrlShared = file.isPublicUrlShared === true;
  const path = `/files-pri/${team.id}-${id}`;
  const url = `${uploads.origin}${path}`;
  const encoded = encodeURIComponent(name);
  return {
    id,
    created,
    timestamp: created,
    name,
    title,
    mimetype,
    filetype,
    user,
    editable: mode === 'quip',
    size: bytes.length,
    mode,
    is_external: external !== undefined,
    external_type: external === undefined ? '' : 'app',
    ...(external && { external_id: external.id, external_url: external.url }),
    public_url_shared: isPublicUrlShared,
    ...(isPublicUrlShared && { permalink_public: `https://slack-files.com/${team.id}-${id}-0000000000` }),
    display_as_bot: false,
    username: '',
    // The address of the simulator is not known yet when the seed is read.
    ...(external && { url_private: external.url }),
    ...(uploads.origin !== '' &&
      external === undefined && {
        url_private: `${url}/${encoded}`,
        url_private_download: `${url}/download/${encoded}`,
      }),
    permalink: `https://${team.domain}.slack.com/files/${user}/${id}/${encoded}`,
    has_rich_preview: false,
    file_access: 'visible',
  };
}

/**
 * Returns a file as `files.info` and `search.files` show it, with the conversations that share it and that the caller
 * sees.
 */
export function renderSharedFile(
  workspace: Workspace,
  file: SharedFile,
  sees: (channel: string) => boolean,
): JsonObject {
  const shares = file.shares.filter(({ channel }) => sees(channel));
  const typed = shares.map(({ channel, ts }) => ({ channel, ts, type: workspace.channel(channel).type }));
  const idsOf = (...types: string[]): string[] => [
    ...new Set(typed.filter(({ type }) => types.includes(type)).map(({ channel }) => channel)),
  ];
  const sharesOf = (isPublic: boolean): JsonObject =>
    Object.fromEntries(
      [
        ...Map.groupBy(
          typed.filter(({ type }) => (type === 'channel') === isPublic),
          ({ channel }) => channel,
        ),
      ].map(([channel, all]) => [channel, all.map(({ ts }) => ({ ts, share_user_id: file.user, source: 'UNKNOWN' }))]),
    );
  const isPublic = typed.some(({ type }) => type === 'channel');
  const list = workspace.uploads.lists.get(file.id);
  return {
    ...renderFile(workspace, file),
    ...(list && { list_metadata: { schema: structuredClone(list.schema), subtask_schema: [] } }),
    is_public: isPublic,
    channels: idsOf('channel'),
    groups: idsOf('group', 'mpim'),
    ims: idsOf('im'),
    shares: { public: sharesOf(true), private: sharesOf(false) },
    has_more_shares: false,
  };
}
