import { refuse } from '../../slack-api-error.ts';
import { renderFile, renderSharedFile } from '../../workspace/render-file.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';
import { threadTs } from './message-arguments.ts';

/**
 * Methods that read and upload files, as documented for `files.info`, `files.getUploadURLExternal` and
 * `files.completeUploadExternal`.
 */
export const fileMethods: Readonly<Record<string, Method>> = {
  'files.info': {
    tier: 4,
    scopes: ['files:read'],
    acceptsJson: false,
    run(call) {
      const file = call.workspace.uploads.files.get(call.requiredText('file'));
      if (file === undefined || !call.seesFile(file)) return refuse('file_not_found');
      return { file: renderSharedFile(call.workspace, file, (id) => call.sees(call.workspace.channel(id))) };
    },
  },
  'files.getUploadURLExternal': {
    tier: 4,
    scopes: ['files:write'],
    acceptsJson: false,
    run(call) {
      const filename = call.requiredText('filename');
      const length = call.integer('length', { default: 0, max: Number.MAX_SAFE_INTEGER });
      // Documented: "Typically only occurs when the length provided is 0".
      if (length === 0) refuse('missing_argument');
      const id = call.workspace.newId('F');
      return { upload_url: call.workspace.uploads.start(id, filename, length), file_id: id };
    },
  },
  'files.completeUploadExternal': {
    tier: 4,
    scopes: ['files:write'],
    acceptsJson: true,
    run(call) {
      const { workspace, caller } = call;
      const channel = call.text('channel_id');
      const place = channel === undefined ? undefined : workspace.findChannel(channel);
      if (channel !== undefined && place?.id !== channel) refuse('invalid_channel');
      if (place !== undefined && !place.members.has(caller)) refuse('posting_to_channel_denied');
      const files = filesOf(call);
      const thread = threadTs(call);
      const created = workspace.clock.seconds();
      const shared = files.map(({ upload, title }) => {
        upload.isComplete = true;
        const { id, filename: name, bytes: content = Buffer.of() } = upload;
        return workspace.uploads.files.add({ id, name, title, content, user: caller, created });
      });
      if (place !== undefined) {
        // Documented: the event `message.file_share`.
        const fields = { subtype: 'file_share', files: shared.map((file) => renderFile(workspace, file)) };
        const text = call.text('initial_comment') ?? '';
        const { ts } = workspace.postMessage(place.id, caller, {
          text,
          threadTs: thread,
          orphaned: 'channel',
          fields,
        });
        for (const file of shared) file.shares.push({ channel: place.id, ts });
      }
      return { files: files.map(({ upload, title }) => ({ id: upload.id, title })) };
    },
  },
};

function filesOf(call: Call) {
  const files = call.jsonList('files', 'invalid_arguments') ?? [];
  if (files.length === 0) refuse('invalid_arguments');
  return files.map(({ id, title }) => {
    const upload = call.workspace.uploads.get(String(id));
    if (upload?.bytes === undefined || upload.isComplete) return refuse('file_not_found');
    return { upload, title: typeof title === 'string' ? title : upload.filename };
  });
}
