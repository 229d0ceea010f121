import { parseArgs } from 'node:util';
import { type BrokerName, brokerNames } from '@slack-mcp/brokers';
import { progress } from '../run-command.ts';
import { wholeNumber } from '../whole-number.ts';
import type { LoadOptions } from './run-load.ts';

export const usage = `Usage: pnpm load <${brokerNames.join('|')}> [options]

Loads a server and a worker while MCP clients call tools and the broker goes away and comes back.

  --seconds n       duration of the load (default 300)
  --rate n          events per second (default: half of what the server accepts at most)
  --restarts n      how often the broker goes away, in turn killed and stopped (default 2)
  --outage n        seconds until it comes back (default 10)
  --retries a,b     seconds before the second and the third retry of an event (default 60,300, as Slack)
  --mcp n           MCP calls per second at most (default 5)
  --json            print the report as one line of JSON

Exit codes: 0 every promise held, 1 otherwise, 2 wrong use.`;

/**
 * Reads the arguments of `pnpm load`. Returns `undefined` if they ask for help.
 *
 * @throws {Error} for the user, if they are invalid
 */
export function parseLoadArguments(args: readonly string[]): { options: LoadOptions; json: boolean } | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '300' },
      rate: { type: 'string' },
      restarts: { type: 'string', default: '2' },
      outage: { type: 'string', default: '10' },
      retries: { type: 'string', default: '60,300' },
      mcp: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [broker, ...rest] = positionals;
  if (!isBroker(broker) || rest.length > 0) throw new Error(`Name one broker: ${brokerNames.join(', ')}.`);
  const seconds = wholeNumber('seconds', values.seconds, 5, 86_400);
  const restarts = wholeNumber('restarts', values.restarts, 0, 1_000);
  const outageSeconds = wholeNumber('outage', values.outage, 1, 3_600);
  if (restarts > 0 && outageSeconds * (restarts + 1) >= seconds) {
    throw new Error(`--seconds is ${seconds}: too short for ${restarts} outages of ${outageSeconds} s.`);
  }
  const [second, third, ...more] = values.retries.split(',');
  if (third === undefined || more.length > 0) throw new Error(`--retries is "${values.retries}": expected 60,300.`);
  const options: LoadOptions = {
    ...{ broker, seconds, restarts, outageSeconds, progress },
    rate: values.rate === undefined ? undefined : wholeNumber('rate', values.rate, 1, 100_000),
    retrySeconds: [wholeNumber('retries', second, 0, 3_600), wholeNumber('retries', third, 0, 3_600)],
    mcpPerSecond: wholeNumber('mcp', values.mcp, 1, 1_000),
  };
  return { options, json: values.json };
}

function isBroker(name: string | undefined): name is BrokerName {
  return brokerNames.some((known) => known === name);
}
