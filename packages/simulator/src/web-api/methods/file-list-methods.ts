import { refuse } from '../../slack-api-error.ts';
import { renderSharedFile } from '../../workspace/render-file.ts';
import type { SharedFile } from '../../workspace/shared-files.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';

/** The values of `types` that Slack documents, each with a test for its files. */
const TYPES: Readonly<Record<string, (file: SharedFile) => boolean>> = {
  all: () => true,
  spaces: ({ mode }) => mode === 'quip',
  snippets: ({ mode }) => mode === 'snippet',
  images: ({ mimetype }) => mimetype.startsWith('image/'),
  gdocs: () => false,
  zips: ({ mimetype }) => mimetype === 'application/zip',
  pdfs: ({ mimetype }) => mimetype === 'application/pdf',
};

/** Methods that list and delete files. Slack documents them at https://docs.slack.dev/reference/methods. */
export const fileListMethods: Readonly<Record<string, Method>> = {
  'files.list': {
    tier: 3,
    scopes: ['files:read'],
    needsTeam: true,
    acceptsJson: false,
    run(call) {
      const { workspace } = call;
      const count = call.integer('count', { default: 100, max: 1000 });
      const page = call.integer('page', { default: 1, max: 1_000_000 });
      const found = workspace.uploads.files.all
        .filter((file) => call.seesFile(file))
        .filter(filterOf(call))
        .toSorted((a, b) => b.created - a.created);
      const sees = (id: string): boolean => call.sees(workspace.channel(id));
      return {
        files: found.slice((page - 1) * count, page * count).map((file) => renderSharedFile(workspace, file, sees)),
        paging: { count, total: found.length, page, pages: Math.ceil(found.length / count) },
      };
    },
  },
  'files.delete': {
    tier: 3,
    scopes: ['files:write'],
    acceptsJson: true,
    run(call) {
      const { files } = call.workspace.uploads;
      const file = files.get(call.requiredText('file'));
      if (file === undefined || !call.seesFile(file)) return refuse('file_not_found');
      // Documented: canvases are deleted with canvases.delete, and only the owner may delete a file.
      if (file.mode === 'quip') refuse('delete_not_allowed');
      if (file.user !== call.caller) refuse('cant_delete_file');
      files.delete(file.id);
      return {};
    },
  },
  'files.sharedPublicURL': publishing(true, ['user']),
  'files.revokePublicURL': publishing(false, ['bot', 'user']),
};

/**
 * Returns a method that creates or removes the public link of a file.
 *
 * @param tokens - the documented kinds of token: only a person can create a link
 */
function publishing(isPublicUrlShared: boolean, tokens: NonNullable<Method['tokens']>): Method {
  return {
    tier: 3,
    scopes: ['files:write'],
    tokens,
    acceptsJson: true,
    run(call) {
      const { workspace } = call;
      const { files } = workspace.uploads;
      const id = call.requiredText('file');
      const file = files.get(id);
      if (file === undefined || !call.seesFile(file)) refuse('file_not_found');
      files.change(id, { isPublicUrlShared });
      const sees = (channel: string): boolean => call.sees(workspace.channel(channel));
      return { file: renderSharedFile(workspace, files.get(id) ?? file, sees) };
    },
  };
}

function filterOf(call: Call): (file: SharedFile) => boolean {
  const user = call.text('user');
  if (user !== undefined && call.workspace.findUser(user)?.id !== user) refuse('user_not_found');
  const channel = call.text('channel');
  const tests = (call.text('types') ?? 'all').split(',').map((name) => TYPES[name.trim()] ?? refuse('unknown_type'));
  const [from, to] = [Number(call.text('ts_from') ?? 0), Number(call.text('ts_to') ?? Number.POSITIVE_INFINITY)];
  return (file) =>
    (user === undefined || file.user === user) &&
    (channel === undefined || file.shares.some((share) => share.channel === channel)) &&
    tests.some((test) => test(file)) &&
    file.created >= from &&
    file.created <= to;
}
