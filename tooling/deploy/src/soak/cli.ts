import { parseArgs } from 'node:util';
import { type BrokerName, BrokerUnavailableError, brokerNames, startBroker } from '@slack-mcp/brokers';
import type { BackendPlugin } from '@slack-mcp/core';
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

const exitCode = await main(process.argv.slice(2).filter((argument) => argument !== '--'));
process.exit(exitCode);

async function main(args: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    progress(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (parsed === undefined) {
    await print(usage);
    return 0;
  }
  const { backend, messages, json } = parsed;
  try {
    await using broker = backend === 'memory' ? undefined : await startBroker(backend);
    const { default: plugin } = await plugins[backend]();
    const env = { ...broker?.env, QUEUE_GROUPS: SOAK_GROUP };
    const report = await runSoak({ plugin, env, messages, onSample: (sample) => progress(describe(sample)) });
    for (const complaint of report.complaints) progress(`FAILED ${complaint}`);
    const { samples, ...counts } = report;
    await print(json ? JSON.stringify(report) : `${counts.published} published, ${counts.handled} handled`);
    return report.complaints.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BrokerUnavailableError)) throw error;
    progress(error.message);
    return 1;
  }
}

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

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Resolves when the text is written. */
function print(text: string): Promise<unknown> {
  return new Promise((resolve) => process.stdout.write(`${text}\n`, resolve));
}
