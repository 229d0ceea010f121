import { parseArgs } from 'node:util';
import { brokerNames } from '@slack-mcp/brokers';
import { progress, runCommand } from '../run-command.ts';
import { wholeNumber } from '../whole-number.ts';
import { type CostsOptions, runCosts } from './run-costs.ts';

const usage = `Usage: pnpm costs <${brokerNames.join('|')}> [options]

Measures what a server, a worker and a broker use for events at a fixed rate, and a server for MCP clients. Linux only.
Run pnpm build before.

  --rate n         events per second (default 278: a million an hour)
  --seconds n      duration (default 60)
  --agents n       MCP clients with a session and an open stream each (default 1000)
  --workspaces n   configured workspaces (default 1)

Exit codes: 0 measured, 1 otherwise, 2 wrong use.`;

// The processes of the run end with this one.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1));
const exitCode = await runCommand({
  usage,
  parse,
  run: async (options) => ({ output: JSON.stringify(await runCosts(options), null, 2), complaints: [] }),
});
process.exit(exitCode);

function parse(args: readonly string[]): CostsOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rate: { type: 'string', default: '278' },
      seconds: { type: 'string', default: '60' },
      agents: { type: 'string', default: '1000' },
      workspaces: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const broker = brokerNames.find((name) => name === positionals[0]);
  if (broker === undefined || positionals.length !== 1) throw new Error(`Name one broker: ${brokerNames.join(', ')}.`);
  const { rate, seconds, agents, workspaces } = values;
  return {
    ...{ broker, progress },
    rate: wholeNumber('rate', rate, 1, 100_000),
    seconds: wholeNumber('seconds', seconds, 1, 86_400),
    agents: wholeNumber('agents', agents, 1, 10_000),
    workspaces: wholeNumber('workspaces', workspaces, 1, 10_000),
  };
}
