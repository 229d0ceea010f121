import { BrokerUnavailableError, readEnvironment } from '@slack-mcp/brokers';
import type { ConformanceHarness } from '@slack-mcp/conformance';
import type { HarnessEntry, HarnessOptions } from './find-harnesses.ts';

/**
 * Loads a harness, which may start a broker. If the broker is not available, prints one line and resolves with the
 * reason; with `BROKERS=required`, rejects instead.
 *
 * @param what - the name of the tests that are skipped, for the line
 */
export async function loadHarness(
  { name, load }: HarnessEntry,
  what = 'conformance',
  options: HarnessOptions = {},
): Promise<ConformanceHarness | string> {
  try {
    return await load(options);
  } catch (error) {
    if (!(error instanceof BrokerUnavailableError)) throw error;
    if (readEnvironment().mode === 'required')
      throw new Error(`BROKERS=required, but ${error.message}`, { cause: error });
    process.stderr.write(`\n!! SKIPPED ${what} of ${name}: ${error.message}\n`);
    return error.message;
  }
}
