import type { Toolset } from '../../toolset.ts';
import { readFileTool } from './read-file.ts';
import { searchFilesTool } from './search-files.ts';

/** The toolset for reading and finding files. */
export const files: Toolset = {
  id: 'files',
  description: 'Read files and canvases, and search files as the owner of the user token.',
  default: true,
  instructions: [],
  tools: [readFileTool, searchFilesTool],
};
