import { readRegularFile } from './read-regular-file.ts';
import type { Refuse } from './refuse.ts';

/**
 * Returns a certificate authority in PEM format, given as its text or as the path of a file.
 *
 * @throws ConfigurationError - the certificate authority is invalid; `refuse` creates the error
 */
export function readAuthority(textOrFile: string, refuse: Refuse): string {
  if (hasCertificate(textOrFile)) return textOrFile;
  let text: string;
  try {
    text = readRegularFile(textOrFile).text;
  } catch (error) {
    throw refuse(`names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): ${shown(textOrFile)}`);
  }
  if (hasCertificate(text)) return text;
  throw refuse(`names a file without a PEM certificate: ${shown(textOrFile)}`);
}

/**
 * Returns a private key in PEM format, given as its text or as the path of a file.
 *
 * @throws ConfigurationError - the key is invalid; `refuse` creates the error, and its message never contains the key
 */
export function readPrivateKey(textOrFile: string, refuse: Refuse): string {
  const hasKey = (text: string): boolean => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
  if (hasKey(textOrFile)) return textOrFile;
  let text: string;
  try {
    text = readRegularFile(textOrFile).text;
  } catch (error) {
    throw refuse(
      `names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): ${shownPath(textOrFile)}`,
    );
  }
  if (hasKey(text)) return text;
  throw refuse(`names a file without a PEM private key: ${shownPath(textOrFile)}`);
}

function hasCertificate(text: string): boolean {
  return text.includes('-----BEGIN CERTIFICATE-----') || text.includes('-----BEGIN TRUSTED CERTIFICATE-----');
}

/**
 * Formats a value for an error message. Replaces a value that is not a file name, so that no error contains a
 * certificate or key.
 */
function shown(file: string): string {
  return /-----BEGIN|\n/.test(file) || file.length > 300 ? '(not a file name)' : file;
}

/** Formats a value for an error message. Replaces a value that is not clearly a path, because it may be a key. */
function shownPath(file: string): string {
  return /^(\.{0,2}\/|[A-Za-z]:\\)/.test(file) ? shown(file) : '(not a path)';
}
