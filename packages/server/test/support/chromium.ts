import { findExecutable, installWithApt, readEnvironment } from '@slack-mcp/brokers';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const find = (): string | undefined => NAMES.map((name) => findExecutable(name)).find((path) => path !== undefined);

/**
 * Returns the path of Chromium. Installs Chromium on a Debian machine if it is missing. Prints the reason if Chromium is
 * unavailable: the console is then tested over HTTP only.
 */
export async function findChromium(): Promise<string | undefined> {
  const { mode } = readEnvironment();
  const found = find();
  if (found !== undefined) return found;
  const reason =
    mode === 'skip'
      ? 'BROKERS=skip'
      : await installWithApt(['chromium', 'fonts-dejavu-core'], () => find() !== undefined);
  if (reason === undefined) return find();
  process.stderr.write(`\n!! SKIPPED the console in a browser: no Chromium (${reason})\n`);
  return undefined;
}
