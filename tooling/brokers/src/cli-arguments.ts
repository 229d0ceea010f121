import { parseArgs } from 'node:util';
import { type BrokerName, brokerNames } from './broker.ts';
import { isVersion } from './version.ts';

export const usage = `Usage: pnpm brokers up|down|status|smoke [${brokerNames.join('|')}]… [--version v] [--json]

  up      starts brokers (default: all) and prints the environment variables to use
  down    stops brokers (default: all) and removes their data
  status  prints the environment variables of running brokers
  smoke   starts every tested version in turn and sends a message through it

  --version v   version of a single broker, or the beginning of one: 4.0 matches 4.0.5`;

/** Reads the arguments of `pnpm brokers`. @throws {Error} for the user, if they are invalid */
export function parseArguments(args: readonly string[]): {
  command: string;
  names: BrokerName[];
  json: boolean;
  version?: string | undefined;
} {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      version: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [command = '', ...names] = positionals;
  if (values.help) return { command: 'help', names: [], json: false };
  if (!['up', 'down', 'status', 'smoke'].includes(command))
    throw new Error(`Unknown command ${JSON.stringify(command)}.`);
  for (const name of names) {
    if (!isBrokerName(name)) {
      throw new Error(`Unknown broker ${JSON.stringify(name)}; expected one of ${brokerNames.join(', ')}.`);
    }
  }
  const { json, version } = values;
  const distinct = [...new Set(names.filter(isBrokerName))];
  if (version !== undefined) {
    if (!isVersion(version)) throw new Error(`--version is ${JSON.stringify(version)}: expected 4.3 or 4.3.6.`);
    if (distinct.length !== 1) throw new Error('--version needs the name of one broker, for example rabbitmq.');
  }
  return { command, names: distinct, json, version };
}

function isBrokerName(name: string): name is BrokerName {
  return brokerNames.some((known) => known === name);
}
