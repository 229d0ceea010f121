import { parseArgs } from 'node:util';
import { type BrokerName, brokerNames } from './broker.ts';
import { type DeveloperBroker, DeveloperBrokers } from './developer-brokers.ts';
import { readEnvironment } from './environment.ts';
import { progress } from './progress.ts';
import { type SmokeOutcome, smokeVersion, versionsToSmoke } from './smoke.ts';
import { isVersion } from './version.ts';

const usage = `Usage: pnpm brokers up|down|status|smoke [${brokerNames.join('|')}]… [--version v] [--json]

  up      starts brokers (default: all) and prints the environment variables to use
  down    stops brokers (default: all) and removes their data
  status  prints the environment variables of running brokers
  smoke   starts every tested version in turn and sends a message through it

  --version v   version of a single broker, or the beginning of one: 4.0 matches 4.0.5`;

process.exitCode = await main(process.argv.slice(2));

/** Resolves to the exit code: 0 done, 1 a broker is unavailable, 2 wrong use. */
async function main(args: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args[0] === '--' ? args.slice(1) : args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    return 2;
  }
  const { command, names, json, version } = parsed;
  if (command === 'help') {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  try {
    readEnvironment();
  } catch (error) {
    progress((error as Error).message);
    return 2;
  }
  const brokers = new DeveloperBrokers();
  const selected = names.length > 0 ? names : brokerNames;
  if (command === 'down') {
    const ended = await Promise.all(selected.map((name) => brokers.down(name)));
    const those = selected.filter((_, index) => ended[index]);
    progress(those.length > 0 ? `stopped ${those.join(', ')}` : 'no broker was running');
    if (json) process.stdout.write(`${JSON.stringify({ ended: those })}\n`);
    return 0;
  }
  if (command === 'status') {
    print(
      (await brokers.list()).filter(({ name }) => selected.includes(name)),
      json,
    );
    return 0;
  }
  if (command === 'smoke') return smoke(selected, version, json);
  const results = await Promise.allSettled(selected.map((name) => up(brokers, name, version)));
  print(
    results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    json,
  );
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  for (const error of failures) progress(error instanceof Error ? error.message : String(error));
  return failures.length > 0 ? 1 : 0;
}

/** Resolves to the exit code: 1 if a version does not work, or is unavailable with `BROKERS=required`. */
async function smoke(names: readonly BrokerName[], version: string | undefined, json: boolean): Promise<number> {
  const { mode } = readEnvironment();
  const outcomes: SmokeOutcome[] = [];
  for (const name of names) {
    for (const each of version === undefined ? versionsToSmoke(name) : [version]) {
      const outcome = await smokeVersion(name, each);
      outcomes.push(outcome);
      const { status, detail } = outcome;
      progress(`${status === 'skipped' ? '!! SKIPPED ' : ''}${name} ${each ?? ''}: ${status}, ${detail}`);
    }
  }
  if (json) process.stdout.write(`${JSON.stringify(outcomes)}\n`);
  const bad = mode === 'required' ? ['failed', 'skipped'] : ['failed'];
  return outcomes.some(({ status }) => bad.includes(status)) ? 1 : 0;
}

async function up(brokers: DeveloperBrokers, name: BrokerName, version: string | undefined): Promise<DeveloperBroker> {
  const startedAt = performance.now();
  const broker = await brokers.up(name, version);
  progress(
    `${name} ${broker.version ?? ''} is up (${broker.source}) after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`,
  );
  return broker;
}

function print(brokers: readonly DeveloperBroker[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(Object.fromEntries(brokers.map((broker) => [broker.name, broker])))}\n`);
    return;
  }
  for (const [variable, value] of brokers.flatMap(({ env }) => Object.entries(env))) {
    process.stdout.write(`${variable}=${value}\n`);
  }
}

function parse(args: readonly string[]): {
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
