import { parseArgs } from 'node:util';
import type { Measurement } from './compare.ts';
import { ingest } from './ingest.ts';
import { mcp } from './mcp.ts';
import { memory } from './memory.ts';
import { redis } from './redis.ts';
import { slack } from './slack.ts';
import { workspace } from './workspace.ts';

type Bench = (options: { quick: boolean }) => AsyncGenerator<Measurement>;

/** Every benchmark by its name. */
const benches: Readonly<Record<string, Bench>> = { memory, redis, ingest, slack, workspace, mcp };

async function main(): Promise<number> {
  // pnpm hands a leading `--` on.
  const given = process.argv.slice(2);
  const args = given[0] === '--' ? given.slice(1) : given;
  let parsed: { values: { json?: boolean; quick?: boolean }; positionals: string[] };
  try {
    const options = { json: { type: 'boolean' }, quick: { type: 'boolean' } } as const;
    parsed = parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    console.error(`${(error as Error).message} (usage: pnpm bench [name…] [--json] [--quick])`);
    return 2;
  }
  const { values, positionals } = parsed;
  const { quick = false } = values;
  const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
  if (unknown.length > 0) {
    console.error(`no such benchmark: ${unknown.join(', ')} (there are ${Object.keys(benches).join(', ')})`);
    return 2;
  }
  for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
    console.error(
      `${name}: ${quick ? 'a smoke run, no figures to rely on' : 'median of five rounds, the sides in turns'}`,
    );
    for await (const measurement of benches[name]?.({ quick }) ?? []) {
      console.log(values.json ? JSON.stringify(measurement) : describe(measurement));
    }
  }
  return 0;
}

function describe({ bench, metric, ours, reference, referenceValue, ratio, unit }: Measurement): string {
  return `${bench}, ${metric}: ${ours} ${unit}, ${reference}: ${referenceValue} ${unit}, ratio ${ratio}`;
}

process.exitCode = await main();
