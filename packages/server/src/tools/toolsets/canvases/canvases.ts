import type { Toolset } from '../../toolset.ts';
import { editCanvasTool } from './edit-canvas.ts';

/** The toolset for creating and editing canvases. */
export const canvases: Toolset = {
  id: 'canvases',
  description: 'Create and edit canvases.',
  default: false,
  instructions: ['Read a canvas with slack_read_file before you change it with slack_edit_canvas.'],
  tools: [editCanvasTool],
};
