import { invalidArguments, refuse } from '../../slack-api-error.ts';
import { renderFile, renderSharedFile } from '../../workspace/render-file.ts';
import type { SharedFile } from '../../workspace/shared-files.ts';
import type { Call } from '../call.ts';
import { paginate } from '../cursor.ts';
import type { Method } from '../method.ts';

/**
 * Methods for files that are stored elsewhere. Slack documents them at https://docs.slack.dev/reference/methods. All of
 * them are Tier 2.
 */
export const remoteFileMethods: Readonly<Record<string, Method>> = {
  'files.remote.add': writing((call) => {
    const { workspace, caller: user } = call;
    const [id, url, title] = [call.requiredText('external_id'), urlOf(call), call.requiredText('title')];
    if (url === undefined) throw invalidArguments('missing required field: external_url');
    const known = remoteFiles(call).find(({ external }) => external?.id === id);
    const added =
      known ??
      workspace.uploads.files.add({
        ...{ id: workspace.newId('F'), name: title, content: '', mimetype: '', user },
        ...{ created: workspace.clock.seconds(), external: { id, url } },
      });
    workspace.uploads.files.change(added.id, { name: title, title, ...typeOf(call), external: { id, url } });
    return { file: rendered(call, added.id) };
  }),
  'files.remote.update': writing((call) => {
    const { id, external } = remoteFile(call);
    const [title, url] = [call.text('title'), urlOf(call)];
    call.workspace.uploads.files.change(id, {
      ...(title !== undefined && { name: title, title }),
      ...typeOf(call),
      ...(url !== undefined && external !== undefined && { external: { id: external.id, url } }),
    });
    return { file: rendered(call, id) };
  }),
  'files.remote.remove': writing((call) => {
    call.workspace.uploads.files.delete(onlyOneId(call).id);
    return {};
  }),
  'files.remote.share': {
    tier: 2,
    scopes: ['remote_files:share'],
    acceptsJson: true,
    run(call) {
      const { workspace, caller } = call;
      const { id } = remoteFile(call);
      const channels = call
        .requiredText('channels')
        .split(',')
        .map((name) => name.trim());
      for (const channel of channels) {
        const found = workspace.findChannel(channel);
        if (found === undefined || found.id !== channel || !call.sees(found)) return refuse('channel_not_found');
        if (!found.members.has(caller)) refuse('not_in_channel');
      }
      const file = workspace.uploads.files.get(id) ?? refuse('file_not_found');
      for (const channel of channels) {
        const fields = { subtype: 'file_share', files: [renderFile(workspace, file)] };
        const { ts } = workspace.postMessage(channel, caller, { text: '', fields });
        file.shares.push({ channel, ts });
      }
      return { file: rendered(call, id) };
    },
  },
  'files.remote.info': {
    tier: 2,
    scopes: ['remote_files:read'],
    acceptsJson: false,
    run: (call) => ({ file: rendered(call, onlyOneId(call).id) }),
  },
  'files.remote.list': {
    tier: 2,
    scopes: ['remote_files:read'],
    acceptsJson: false,
    run(call) {
      const channel = call.text('channel');
      const [from, to] = [Number(call.text('ts_from') ?? 0), Number(call.text('ts_to') ?? Number.POSITIVE_INFINITY)];
      const found = remoteFiles(call).filter(
        ({ shares, created }) =>
          (channel === undefined || shares.some((share) => share.channel === channel)) &&
          created >= from &&
          created <= to,
      );
      // The page names neither a default nor a maximum for `limit`.
      const limit = call.integer('limit', { default: 100, max: 1000 });
      const request = { kind: 'file', key: ({ id }: SharedFile) => id, cursor: call.text('cursor'), limit };
      const { items, nextCursor = '' } = paginate(found, request);
      return {
        files: items.map(({ id }) => rendered(call, id)),
        response_metadata: { next_cursor: nextCursor },
      };
    },
  },
};

function writing(run: Method['run']): Method {
  return { tier: 2, scopes: ['remote_files:write'], tokens: ['bot'], acceptsJson: true, run };
}

function remoteFiles({ workspace }: Call): SharedFile[] {
  return workspace.uploads.files.all.filter(({ external }) => external !== undefined);
}

/** Returns the file that `file` or `external_id` names. @throws SlackApiError `file_not_found` */
function remoteFile(call: Call): SharedFile {
  const [id, externalId] = [call.text('file'), call.text('external_id')];
  const found = remoteFiles(call).find((file) =>
    id === undefined ? file.external?.id === externalId : file.id === id,
  );
  return found ?? refuse('file_not_found');
}

/** Returns the file like `remoteFile`, for a method that accepts only one of the two ids. */
function onlyOneId(call: Call): SharedFile {
  if (call.text('file') !== undefined && call.text('external_id') !== undefined) refuse('too_many_ids');
  return remoteFile(call);
}

function urlOf(call: Call): string | undefined {
  const url = call.text('external_url');
  if (url !== undefined && !URL.canParse(url)) refuse('invalid_url');
  return url;
}

function typeOf(call: Call): { filetype?: string } {
  const filetype = call.text('filetype');
  return filetype === undefined ? {} : { filetype };
}

function rendered(call: Call, id: string) {
  const { workspace } = call;
  const file = workspace.uploads.files.get(id) ?? refuse('file_not_found');
  return renderSharedFile(workspace, file, (channel) => call.sees(workspace.channel(channel)));
}
