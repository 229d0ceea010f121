import { mutantsOf } from '../mutant.ts';

const DELETE = 'tools/toolsets/editing/delete-message.ts';
const SCHEDULE = 'tools/toolsets/scheduling/schedule-message.ts';
const CHANGE = 'tools/toolsets/reactions/change-reactions.ts';
const UPLOAD = 'tools/toolsets/uploads/upload-file.ts';
const ROUND = 'mcp/protocol/input-round.ts';

/** What the tools change in Slack, what they only show, and whom they ask before. */
export const writing = mutantsOf('writing', 'server', [
  {
    id: 'declined-is-accepted',
    file: 'tools/confirm.ts',
    original: "if (answer !== 'accepted') throw",
    replacement: "if (answer === 'unanswered') throw",
    tests: ['tools/toolsets/editing/editing'],
  },
  {
    id: 'message-deleted-without-a-question',
    file: DELETE,
    original: 'await confirm(ask, async',
    replacement: 'await confirm(undefined, async',
    tests: ['tools/toolsets/editing/editing'],
  },
  {
    id: 'answer-counts-for-every-question',
    file: ROUND,
    original: "createHash('sha256').update(question)",
    replacement: "createHash('sha256').update('question')",
    tests: ['mcp/protocol/ask-person'],
  },
  {
    id: 'cancelled-question-is-accepted',
    file: 'mcp/protocol/elicitation.ts',
    original: "action === 'accept' ? 'accepted' : 'declined'",
    replacement: "action !== 'decline' ? 'accepted' : 'declined'",
    tests: ['mcp/protocol/ask-person'],
  },
  {
    id: 'client-with-urls-alone-is-asked-by-form',
    file: 'mcp/protocol/elicitation.ts',
    original: "('form' in modes || !('url' in modes))",
    replacement: 'true',
    tests: ['mcp/protocol/ask-person'],
  },
  {
    id: 'preview-hides-what-is-neutralised',
    file: 'tools/toolsets/messages/preview-posts.ts',
    original: 'shownContent(sentContent(part, context, { markdown }))',
    replacement: 'part',
    tests: ['tools/toolsets/messages/preview'],
  },
  {
    id: 'preview-does-not-say-where-it-was-cut',
    file: 'tools/toolsets/messages/preview-posts.ts',
    original: 'return { would_post: messages.slice(0, fitting), truncated };',
    replacement: 'return { would_post: messages.slice(0, fitting) };',
    tests: ['tools/toolsets/messages/preview'],
  },
  {
    id: 'edit-notifies-a-channel',
    file: 'tools/toolsets/editing/edit-message.ts',
    original: '...sentContent(text, context, { blocks }) }',
    replacement: 'text }',
    tests: ['tools/toolsets/editing/editing'],
  },
  {
    id: 'markdown-notifies-a-channel',
    file: 'tools/toolsets/messages/post-text.ts',
    original: 'allowBroadcast ? part : neutraliseBroadcasts(part, { markdown })',
    replacement: 'part',
    tests: ['tools/toolsets/messages/writing-well'],
  },
  {
    id: 'blocks-notify-a-channel',
    file: 'tools/toolsets/messages/post-text.ts',
    original: 'allowBroadcast ? blocks : objectsOf(neutraliseBroadcastsIn([...blocks]))',
    replacement: 'blocks',
    tests: ['tools/toolsets/messages/blocks'],
  },
  {
    id: 'blocks-name-any-channel',
    file: 'tools/toolsets/messages/pass-blocks.ts',
    original: 'for (const id of found.channels) await channels.resolve(id, { signal });',
    replacement: 'void signal;',
    tests: ['tools/toolsets/messages/blocks'],
  },
  {
    id: 'blocks-show-any-file',
    file: 'tools/toolsets/messages/pass-blocks.ts',
    original: 'await readableFile(id, context);',
    replacement: 'void readableFile;',
    tests: ['tools/toolsets/messages/blocks'],
  },
  {
    id: 'block-id-may-occur-twice',
    file: 'tools/blocks/blocks-argument.ts',
    original: 'if (first === undefined) seen.set(id, index);',
    replacement: 'if (first !== index) seen.set(id, index);',
    tests: ['tools/toolsets/messages/blocks'],
  },
  {
    id: 'canvas-of-a-denied-channel-is-changed',
    file: 'tools/toolsets/files/editable-file.ts',
    original: 'if (withheld > 0) {',
    replacement: 'if (withheld > 99) {',
    tests: ['tools/toolsets/canvases/edit-canvas'],
  },
  {
    id: 'any-section-with-the-text-is-changed',
    file: 'tools/toolsets/canvases/canvas-section.ts',
    original: 'if (id === undefined || another !== undefined) throw',
    replacement: 'if (id === undefined || another === id) throw',
    tests: ['tools/toolsets/canvases/edit-canvas'],
  },
  {
    id: 'unanswered-question-blocks-its-key',
    file: 'tools/gates/idempotency/idempotency.ts',
    original: 'error instanceof SlackError || (isExplained(error) && error.changedNothing === true)',
    replacement: 'error instanceof SlackError',
    tests: ['tools/toolsets/canvases/edit-canvas'],
  },
  {
    id: 'text-passes-for-another-message',
    file: 'tools/answers/indented.ts',
    original: "return text.replace(LINE_BREAK, '\\n ');",
    replacement: 'return text;',
    tests: ['tools/messages/message-lines'],
  },
  {
    id: 'scheduled-message-unfurls',
    file: SCHEDULE,
    original: '{ ...message, unfurl_links: false, unfurl_media: false }',
    replacement: 'message',
    tests: ['tools/toolsets/scheduling/scheduling'],
  },
  {
    id: 'key-of-another-time-is-accepted',
    file: SCHEDULE,
    original: '      post_at: at,\n      thread_ts: thread_ts ?? null',
    replacement: '      thread_ts: thread_ts ?? null',
    tests: ['tools/toolsets/scheduling/scheduling'],
  },
  {
    id: 'one-unknown-emoji-ends-the-others',
    file: CHANGE,
    original: "error.slackError === 'invalid_name'",
    replacement: "error.slackError === 'invalid_emoji'",
    tests: ['tools/toolsets/more-reactions/more-reactions'],
  },
  {
    id: 'absent-reaction-is-a-failure',
    file: CHANGE,
    original: 'error.slackError === unchangedError',
    replacement: "error.slackError === 'already_reacted'",
    tests: ['tools/toolsets/more-reactions/more-reactions'],
  },
  {
    id: 'key-of-an-upload-ignores-the-bytes',
    file: UPLOAD,
    original: 'upload: sha256, channel: id',
    replacement: 'upload: true, channel: id',
    tests: ['tools/toolsets/uploads/upload-file'],
  },
  {
    id: 'upload-that-was-not-shared-blocks-its-key',
    file: UPLOAD,
    original: "throw new SlackNetworkError(error.method, 'unreachable', { cause: error });",
    replacement: 'throw error;',
    tests: ['tools/toolsets/uploads/upload-file'],
  },
]);
