import { parseArgs } from 'node:util';
import type { Measurement } from './compare.ts';
import { memory } from './memory.ts';

/** Every benchmark by its name. */
const benches: Readonly<Record<string, () => AsyncGenerator<Measurement>>> = { memory };

async function main(): Promise<number> {
  // pnpm hands a leading `--` on.
  const given = process.argv.slice(2);
  const args = given[0] === '--' ? given.slice(1) : given;
  let parsed: { values: { json?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean' } } });
  } catch (error) {
    console.error(`${(error as Error).message} (usage: pnpm bench [name…] [--json])`);
    return 2;
  }
  const { values, positionals } = parsed;
  const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
  if (unknown.length > 0) {
    console.error(`no such benchmark: ${unknown.join(', ')} (there are ${Object.keys(benches).join(', ')})`);
    return 2;
  }
  for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
    console.error(`${name}: median of five rounds, the sides in turns`);
    for await (const measurement of benches[name]?.() ?? []) {
      console.log(values.json ? JSON.stringify(measurement) : describe(measurement));
    }
  }
  return 0;
}

function describe({ bench, metric, ours, reference, referenceValue, ratio, unit }: Measurement): string {
  return `${bench}, ${metric}: ${ours} ${unit}, ${reference}: ${referenceValue} ${unit}, ratio ${ratio}`;
}

process.exitCode = await main();
