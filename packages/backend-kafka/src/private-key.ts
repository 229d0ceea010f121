import { ConfigurationError, readRegularFile } from '@slack-mcp/core';

/**
 * Returns a private key in PEM format, given as its text or as the path of a file.
 *
 * @throws ConfigurationError - never contains the key
 */
export function readKey(textOrFile: string): string {
  if (isKey(textOrFile)) return textOrFile;
  let text: string;
  try {
    text = readRegularFile(textOrFile).text;
  } catch (error) {
    throw new ConfigurationError(`tlsKey names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (isKey(text)) return text;
  throw new ConfigurationError('tlsKey names a file without a PEM private key');
}

function isKey(text: string): boolean {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
}
