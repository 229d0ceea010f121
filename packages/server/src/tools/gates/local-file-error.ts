import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from '../explained-error.ts';

const UPLOAD_FOLDERS_VAR = 'SLACK_MCP_UPLOAD_FOLDERS';

/** Thrown if a file on the server's disk cannot be uploaded, or may not be. */
export class LocalFileError extends Error implements ExplainedError {
  readonly code: 'not_allowed' | 'file_not_found' | 'not_a_file' | 'unreadable_file' | 'empty_file' | 'file_too_large';
  readonly nextStep: string;
  readonly details: JsonObject = { setting: UPLOAD_FOLDERS_VAR };
  readonly changedNothing = true;

  private constructor(code: LocalFileError['code'], message: string, nextStep: string) {
    super(message);
    this.name = 'LocalFileError';
    this.code = code;
    this.nextStep = nextStep;
  }

  static noFolders(): LocalFileError {
    const nextStep = `Pass the content of the file as content, or ask the operator of this server to set ${UPLOAD_FOLDERS_VAR}.`;
    return new LocalFileError('not_allowed', 'This server may not upload files from its disk.', nextStep);
  }

  /** Also for files outside the folders, so that the answer does not show whether such a file exists. */
  static notFound(path: string, folders: readonly string[]): LocalFileError {
    const message = `There is no file ${shown(path)} in the folders from which this server may upload files.`;
    return new LocalFileError('file_not_found', message, `Use the path of a file in ${folders.join(' or ')}.`);
  }

  static hidden(path: string): LocalFileError {
    const message = `${shown(path)} is hidden: it, or one of its folders, has a name that begins with a dot.`;
    return new LocalFileError('not_allowed', message, 'Use a file that is not hidden.');
  }

  static notAFile(path: string): LocalFileError {
    return new LocalFileError('not_a_file', `${shown(path)} is not a regular file.`, 'Use the path of a file.');
  }

  static unreadable(path: string, code: string): LocalFileError {
    const nextStep = 'Ask the operator of this server to let its user read the file.';
    return new LocalFileError('unreadable_file', `The server cannot read ${shown(path)}: ${code}.`, nextStep);
  }

  static empty(path: string): LocalFileError {
    return new LocalFileError('empty_file', `${shown(path)} is empty.`, 'Slack accepts no empty files.');
  }

  static tooLarge(path: string, bytes: number, most: number): LocalFileError {
    const message = `${shown(path)} has ${bytes} bytes; this server uploads at most ${most}.`;
    return new LocalFileError('file_too_large', message, 'Upload a smaller file, for example a compressed one.');
  }
}

function shown(path: string): string {
  return JSON.stringify(path.slice(0, 200));
}
