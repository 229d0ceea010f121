import { findExecutable, installWithApt, readEnvironment } from '@slack-mcp/brokers';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const find = (): string | undefined => NAMES.map((name) => findExecutable(name)).find((path) => path !== undefined);

/**
 * Returns the path of Chromium, which is installed on a Debian machine if it is missing. Prints the reason if Chromium is unavailable.
 *
 * @throws Error if tests are required to run with everything that they need
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
  if (mode === 'required') throw new Error(`BROKERS=required, but there is no Chromium: ${reason}`);
  process.stderr.write(`\n!! SKIPPED the console in a browser: no Chromium (${reason})\n`);
  return undefined;
}
