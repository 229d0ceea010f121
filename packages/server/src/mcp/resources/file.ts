import { readFileText } from '../../tools/toolsets/files/read-file.ts';
import type { ResourceTemplate } from './resource-template.ts';

/** The resource `slack://files/{file}`, with the metadata of a file and, for a text file or canvas, its text. */
export const fileResource: ResourceTemplate = {
  path: 'files/{file}',
  name: 'file',
  title: 'A file',
  description: 'Name, type, size and link of a file or canvas, and its text, if any. Identify the file by id.',
  toolset: 'files',
  read: ({ file = '' }, context) => readFileText(file, context),
};
