import { type BrokerName, brokerNames } from './broker.ts';
import { parseArguments, usage } from './cli-arguments.ts';
import { type DeveloperBroker, DeveloperBrokers } from './developer-brokers.ts';
import { readEnvironment } from './environment.ts';
import { progress } from './progress.ts';
import { type SmokeOutcome, smokeVersion, versionsToSmoke } from './smoke.ts';

process.exitCode = await main(process.argv.slice(2));

/** Resolves to the exit code: 0 done, 1 a broker is unavailable, 2 wrong use. */
async function main(args: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parseArguments>;
  try {
    parsed = parseArguments(args[0] === '--' ? args.slice(1) : args);
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
