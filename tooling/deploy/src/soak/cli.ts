import { parseArgs } from 'node:util';
import { type BrokerName, brokerNames, startBroker } from '@slack-mcp/brokers';
import type { BackendPlugin } from '@slack-mcp/core';
import { progress, runCommand } from '../run-command.ts';
import { runSoak, SOAK_GROUP, type SoakSample } from './run-soak.ts';

const plugins: Readonly<Record<'memory' | BrokerName, () => Promise<{ default: BackendPlugin }>>> = {
  memory: () => import('@slack-mcp/backend-memory'),
  redis: () => import('@slack-mcp/backend-redis'),
  rabbitmq: () => import('@slack-mcp/backend-rabbitmq'),
  kafka: () => import('@slack-mcp/backend-kafka'),
};

const usage = `Usage: pnpm soak <${['memory', ...brokerNames].join('|')}> [--messages n] [--json]

Publishes and handles messages in one process, and checks that memory, handles and listeners stay flat.

  --messages n      number of messages (default 10000000)
  --json            print the samples as one line of JSON

Exit codes: 0 nothing grew and nothing is missing, 1 otherwise, 2 wrong use.`;

const exitCode = await runCommand({
  usage,
  parse,
  async run({ backend, messages, json }) {
    await using broker = backend === 'memory' ? undefined : await startBroker(backend);
    const { default: plugin } = await plugins[backend]();
    const env = { ...broker?.env, QUEUE_GROUPS: SOAK_GROUP };
    const report = await runSoak({ plugin, env, messages, onSample: (sample) => progress(describe(sample)) });
    const { published, handled, complaints } = report;
    return { output: json ? JSON.stringify(report) : `${published} published, ${handled} handled`, complaints };
  },
});
process.exit(exitCode);

function parse(
  args: readonly string[],
): { backend: 'memory' | BrokerName; messages: number; json: boolean } | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      messages: { type: 'string', default: '10000000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [backend, ...rest] = positionals;
  if (!isBackend(backend) || rest.length > 0) throw new Error(`Name one backend: ${Object.keys(plugins).join(', ')}.`);
  const messages = Number(values.messages);
  if (!/^\d+$/.test(values.messages) || messages < 1_000 || messages > 1_000_000_000) {
    throw new Error(`--messages is ${JSON.stringify(values.messages)}: expected a whole number from 1000.`);
  }
  return { backend, messages, json: values.json };
}

function isBackend(name: string | undefined): name is 'memory' | BrokerName {
  return name !== undefined && Object.hasOwn(plugins, name);
}

function describe({ handled, seconds, rssMiB, heapMiB, handles, listeners }: SoakSample): string {
  return `${handled} handled after ${seconds} s: RSS ${rssMiB} MiB, heap ${heapMiB} MiB, ${handles} handles, ${listeners} listeners`;
}
