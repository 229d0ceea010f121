import type { JsonObject } from '../../json.ts';
import { invalidArguments, refuse } from '../../slack-api-error.ts';
import { sectionText } from '../../workspace/canvas-sections.ts';
import type { Message } from '../../workspace/model.ts';
import type { SharedFile } from '../../workspace/shared-files.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';

/** The documented maximum number of comment threads, and of replies in a thread. The most recent ones are returned. */
const MOST = 100;

/** Methods for the channels of agents. */
export const agentMethods: Readonly<Record<string, Method>> = {
  // https://docs.slack.dev/reference/methods/agents.conversations.getCanvas
  // The page names no rate limit. The simulator has no code channels, so every channel counts as one.
  'agents.conversations.getCanvas': {
    tier: 3,
    scopes: ['code_channels:manage'],
    tokens: ['bot'],
    acceptsJson: true,
    run(call) {
      const channel = call.memberChannel();
      const format = call.text('content_format') ?? 'markdown';
      if (format !== 'markdown') throw invalidArguments('must be markdown [json-pointer:/content_format]');
      const canvas = call.workspace.uploads.canvases.get(call.requiredText('canvas_id'));
      const isHere = canvas?.shares.some(({ channel: id }) => id === channel.id) === true;
      if (canvas === undefined || !isHere) return refuse('canvas_not_found');
      const comments = commentsOn(call, canvas);
      return {
        canvas_id: canvas.id,
        title: canvas.title,
        content: call.workspace.uploads.canvases
          .sections(canvas.id)
          .map(({ html }) => sectionText(html))
          .join('\n\n'),
        comments: comments.slice(-MOST),
        has_more_comments: comments.length > MOST,
      };
    },
  },
};

/** Returns the comment threads of a canvas, oldest first. */
function commentsOn({ workspace }: Call, { id }: SharedFile): JsonObject[] {
  const place = workspace.findChannel(`C${id.slice(1)}`);
  if (place === undefined) return [];
  const messages = workspace.messages(place.id);
  return messages
    .filter(({ subtype }) => subtype === 'document_comment_root')
    .flatMap((root) => {
      const [first, ...replies] = messages.filter(({ ts, thread_ts: thread }) => thread === root.ts && ts !== root.ts);
      if (first === undefined) return [];
      return [
        {
          id: root.ts,
          quoted_text: root.text,
          is_resolved: false,
          ...commentOf(first),
          replies: replies.slice(-MOST).map(commentOf),
          has_more_replies: replies.length > MOST,
        },
      ];
    });
}

function commentOf({ user = '', text, ts }: Message): JsonObject {
  return { user_id: user, text, ts };
}
