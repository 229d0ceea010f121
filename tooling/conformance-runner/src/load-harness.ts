import { BrokerUnavailableError, readEnvironment } from '@slack-mcp/brokers';
import type { ConformanceHarness } from '@slack-mcp/conformance';
import type { HarnessEntry, HarnessOptions } from './find-harnesses.ts';

/**
 * Loads a harness, which may start a broker. Resolves the reason when the broker cannot be had, having said so in one
 * line; with `BROKERS=required` that is an error.
 *
 * @param what - what is skipped then
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
