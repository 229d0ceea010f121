import { writeFileSync } from 'node:fs';
import { properties, runConformance } from '@slack-mcp/core/conformance';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { findHarnesses, type HarnessEntry } from './find-harnesses.ts';
import { writeGuarantees } from './guarantees.ts';
import { loadHarness } from './load-harness.ts';
import { type StoredProperty, toStored, writeResult } from './results.ts';
import { renderTable } from './table.ts';

interface Flags {
  scale: number;
  deadline: number;
  only?: string[];
  json?: string;
  writeDocs?: true;
}

class WrongUse extends Error {}

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('a number above 0, for example 0.1');
  return value;
};

const command = new Command('conformance')
  .description('Holds backends to the contract of the queue and prints what they pass.')
  .argument('[backend...]', 'names of backends (default: all that have a harness)')
  .option('--scale <n>', 'factor of the counts: 0.1 for every day, 1 for a release', positive, 1)
  .option('--deadline <ms>', 'milliseconds that each thing which must happen may take', positive, 30_000)
  .option('--only <id,…>', 'ids of properties', (text: string) => text.split(',').filter(Boolean))
  .option('--json <file>', 'write the results to a file')
  .option('--write-docs', 'keep the results and write docs/guarantees.md from them')
  .exitOverride();

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  // pnpm hands a leading `--` on.
  command.parse(
    process.argv.slice(2).filter((argument, index) => index > 0 || argument !== '--'),
    { from: 'user' },
  );
  const flags = command.opts<Flags>();
  const entries = choose(command.args);
  const unknown = (flags.only ?? []).filter((id) => !properties.some((property) => property.id === id));
  if (unknown.length > 0)
    throw new WrongUse(`no such property: ${unknown.join(', ')} (for example delivery.ack-on-next)`);
  if (flags.writeDocs && flags.only) throw new WrongUse('--write-docs needs all properties: leave out --only');
  const results = new Map<string, StoredProperty[]>();
  for (const entry of entries) results.set(entry.name, await run(entry, flags));
  if (flags.json !== undefined) {
    const file = Object.fromEntries([...results].map(([name, stored]) => [name, { properties: stored }]));
    writeFileSync(flags.json, `${JSON.stringify(file, undefined, 2)}\n`);
  }
  if (flags.writeDocs) writeGuarantees();
  process.stdout.write(`${renderTable(results)}\n`);
  return [...results.values()].flat().some(({ status }) => status === 'failed') ? 1 : 0;
}

function choose(names: readonly string[]): HarnessEntry[] {
  const all = findHarnesses();
  const known = all.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new WrongUse(`no such backend: ${unknown.join(', ')} (there are ${known.join(', ')})`);
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

async function run(entry: HarnessEntry, flags: Flags): Promise<StoredProperty[]> {
  const { name } = entry;
  const harness = await loadHarness(entry);
  if (typeof harness === 'string') return properties.map(({ id }) => ({ id, status: 'not-run', reason: harness }));
  try {
    const report = await runConformance(harness, {
      scale: flags.scale,
      deadlineMs: flags.deadline,
      ...(flags.only === undefined ? {} : { only: flags.only }),
      onResult: ({ id, status, reason, durationMs }) =>
        progress(`${name} ${id}: ${status}${reason === undefined ? ` in ${durationMs} ms` : `, ${reason}`}`),
    });
    const stored = toStored(report);
    if (flags.writeDocs) writeResult(name, { capabilities: harness.capabilities, properties: stored });
    return stored;
  } finally {
    await harness.dispose?.();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof WrongUse) {
    progress(error.message);
    process.exitCode = 2;
  } else {
    throw error;
  }
}
