import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchOptions, wants } from './bench-options.ts';
import type { Measurement } from './compare.ts';
import { ingest } from './ingest.ts';
import { kafka } from './kafka.ts';
import { mcp } from './mcp.ts';
import { memory } from './memory.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { compareRevisions } from './revisions/compare-revisions.ts';
import type { RevisionMeasurement } from './revisions/verdicts.ts';
import { slack } from './slack.ts';
import { workspace } from './workspace.ts';

type Bench = (options: BenchOptions) => AsyncGenerator<Measurement>;

/** Every benchmark by its name. */
const benches: Readonly<Record<string, Bench>> = { memory, redis, kafka, rabbitmq, ingest, slack, workspace, mcp };

const USAGE = 'usage: pnpm bench [name…] [--compare REV] [--rounds n] [--only metric] [--json] [--quick]';
const MIN_COMPARED_ROUNDS = 5;

const FLAGS = {
  compare: { type: 'string' },
  json: { type: 'boolean', default: false },
  only: { type: 'string' },
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
} as const;

async function main(): Promise<number> {
  // pnpm passes on a leading `--`.
  const given = process.argv.slice(2);
  const args = given[0] === '--' ? given.slice(1) : given;
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    console.error(`${(error as Error).message} (${USAGE})`);
    return 2;
  }
  const { names, json, quick, rounds, compare, only } = parsed;
  const print = (measurement: Measurement | RevisionMeasurement): void =>
    console.log(json ? JSON.stringify(measurement) : describe(measurement));
  if (compare === undefined) {
    for (const name of names) {
      console.error(`${name}: ${quick ? 'a smoke run without reliable figures' : `median of ${rounds} rounds`}`);
      for await (const measurement of benches[name]?.({ quick, rounds, only }) ?? []) {
        if (wants({ quick, rounds, only }, measurement.metric)) print(measurement);
      }
    }
    return 0;
  }
  const root = join(import.meta.dirname, '../..');
  const progress = (line: string): void => console.error(line);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const comparison = { root, revision: compare, names, rounds, quick, progress, signal: stop.signal };
  let worse = 0;
  for await (const measurement of compareRevisions(comparison)) {
    print(measurement);
    if (measurement.verdict === 'worse') worse += 1;
  }
  console.error(`${worse} metrics are worse than at ${compare} by more than the noise`);
  return worse === 0 ? 0 : 1;
}

function parse(args: string[]) {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: FLAGS });
  const { compare, json, quick, only } = values;
  const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
  if (unknown.length > 0) {
    throw new Error(`no such benchmark: ${unknown.join(', ')}; available: ${Object.keys(benches).join(', ')}`);
  }
  const rounds = Number(values.rounds ?? (quick && compare === undefined ? 1 : 5));
  const least = compare === undefined ? 1 : MIN_COMPARED_ROUNDS;
  if (!Number.isInteger(rounds) || rounds < least) {
    throw new Error(`--rounds is ${values.rounds}: expected a whole number, at least ${least}`);
  }
  return { compare, json, quick, only, rounds, names: positionals.length > 0 ? positionals : Object.keys(benches) };
}

function describe(measurement: Measurement | RevisionMeasurement): string {
  const { bench, metric, ours, reference, referenceValue, ratio, ratios, unit } = measurement;
  const range = ratios === undefined ? '' : ` (${ratios[0]} to ${ratios[1]})`;
  const line = `${bench}, ${metric}: ${ours} ${unit}, ${reference}: ${referenceValue} ${unit}, ratio ${ratio}${range}`;
  if (!('verdict' in measurement)) return line;
  return `${line}, ${measurement.verdict} (spread ${(measurement.spread * 100).toFixed(1)} %)`;
}

process.exitCode = await main().catch((error: Error) => {
  console.error(error.message);
  return 1;
});
