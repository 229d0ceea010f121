import type { Toolset } from '../../toolset.ts';
import { editCanvasTool } from './edit-canvas.ts';
import { readCommentsTool } from './read-comments.ts';

/** The toolset for creating and editing canvases, and for reading their comments. */
export const canvases: Toolset = {
  id: 'canvases',
  description: 'Create and edit canvases, and read the comments on them.',
  default: false,
  instructions: [
    'Read a canvas with slack_read_file before you change it with slack_edit_canvas.',
    'To comment on a canvas or to answer a comment, call slack_thread_reply with the channel and thread_ts from slack_read_comments.',
  ],
  tools: [readCommentsTool, editCanvasTool],
};
