import { refuse } from '../../slack-api-error.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';
import { threadTs } from './message-arguments.ts';

/** The three steps of an upload. Documented: files.getUploadURLExternal, files.completeUploadExternal. */
export const fileMethods: Readonly<Record<string, Method>> = {
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
      for (const { upload } of files) upload.isComplete = true;
      if (place !== undefined) {
        const shared = files.map(({ upload, title }) => ({
          id: upload.id,
          name: upload.filename,
          title,
          size: upload.length,
          user: caller,
          permalink: `https://${workspace.team.domain}.slack.com/files/${caller}/${upload.id}/${upload.filename}`,
        }));
        // Documented: the event `message.file_share`.
        const fields = { subtype: 'file_share', files: shared };
        const text = call.text('initial_comment') ?? '';
        workspace.postMessage(place.id, caller, { text, threadTs: thread, orphaned: 'channel', fields });
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
