import type { Toolset } from '../../toolset.ts';
import { uploadFileTool } from './upload-file.ts';

/** The toolset for uploading files. */
export const uploads: Toolset = {
  id: 'uploads',
  description: 'Upload files to channels and threads.',
  default: false,
  instructions: [],
  tools: [uploadFileTool],
};
