import { readEnvironment } from '@slack-mcp/brokers';
import { CommanderError } from 'commander';
import { findHarnesses, findVariants, type HarnessEntry } from './find-harnesses.ts';
import { type Flags, readFlags } from './flags.ts';
import { writeGuarantees } from './guarantees.ts';
import { judgeBackend, type Verdict } from './judge-backend.ts';
import { writeResult } from './results.ts';
import { renderTable } from './table.ts';
import { writeWhole } from './write-whole.ts';

/** Where the command writes: the table to `print`, everything else to `progress`, line by line. */
export interface Output {
  print(text: string): void;
  progress(line: string): void;
}

/**
 * Resolves to the exit code: 0 if no property failed, 1 if a property failed or a backend could not be tested, 2 for
 * wrong use.
 */
export async function main(
  args: readonly string[],
  { print, progress }: Output,
  all: readonly HarnessEntry[] = findHarnesses(),
  variants: readonly HarnessEntry[] = findVariants(),
): Promise<number> {
  let flags: Flags;
  let entries: readonly HarnessEntry[];
  try {
    const parsed = readFlags(args);
    flags = parsed.flags;
    entries = choose(all, variants, parsed.names);
    readEnvironment();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    progress((error as Error).message);
    return 2;
  }
  const verdicts = new Map<string, Verdict>();
  for (const entry of entries) {
    const verdict = await judgeBackend(entry, flags, progress);
    verdicts.set(entry.name, verdict);
    if (flags.writeDocs && verdict.result && all.includes(entry)) writeResult(entry.name, verdict.result);
  }
  const failures = [...verdicts].filter(([, { failure }]) => failure !== undefined);
  const table = renderTable(new Map([...verdicts].map(([name, { properties }]) => [name, properties])));
  print([table, ...failures.map(([name, { failure }]) => `${name}, FAILED: ${failure}`)].join('\n'));
  if (flags.json !== undefined) {
    const stored = [...verdicts].map(([name, { result: _, ...verdict }]) => [name, verdict]);
    writeWhole(flags.json, `${JSON.stringify(Object.fromEntries(stored), undefined, 2)}\n`);
  }
  if (flags.writeDocs) writeGuarantees();
  const failed = [...verdicts.values()]
    .flatMap(({ properties }) => properties)
    .some(({ status }) => status === 'failed');
  return failed || failures.length > 0 ? 1 : 0;
}

function choose(
  all: readonly HarnessEntry[],
  variants: readonly HarnessEntry[],
  names: readonly string[],
): readonly HarnessEntry[] {
  const entries = [...all, ...variants];
  const known = entries.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no such backend: ${unknown.join(', ')} (there are ${known.join(', ')})`);
  return names.length === 0 ? all : entries.filter(({ name }) => names.includes(name));
}
