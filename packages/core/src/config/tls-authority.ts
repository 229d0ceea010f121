import { readRegularFile } from './read-regular-file.ts';
import type { Refuse } from './refuse.ts';

/**
 * The certificate of an authority in PEM: the text itself, or the content of the file of that name.
 *
 * @throws ConfigurationError - made by `refuse`
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
  throw refuse(`names a file that holds no certificate in PEM: ${shown(textOrFile)}`);
}

function hasCertificate(text: string): boolean {
  return text.includes('-----BEGIN CERTIFICATE-----') || text.includes('-----BEGIN TRUSTED CERTIFICATE-----');
}

/** The text of a certificate or of a key is not shown: only what can be the name of a file is. */
function shown(file: string): string {
  return /-----BEGIN|\n/.test(file) || file.length > 300 ? '(not the name of a file)' : file;
}
