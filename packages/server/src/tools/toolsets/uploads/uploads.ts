import type { Toolset } from '../../toolset.ts';
import { uploadFileTool } from './upload-file.ts';

/** Uploading files. */
export const uploads: Toolset = {
  id: 'uploads',
  description: 'Upload files to channels and threads.',
  default: false,
  instructions: [],
  tools: [uploadFileTool],
};
