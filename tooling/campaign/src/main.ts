import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BrokerUnavailableError, isVersion } from '@slack-mcp/brokers';
import type { Fsync } from './adapter.ts';
import { campaignBackends, loadAdapter } from './find-adapter.ts';
import { type CampaignOptions, runCampaign } from './run-campaign.ts';

const usage = `Usage: pnpm campaign <backend> --events n --seed s [options]

  --events n        number of confirmed events at which the campaign ends
  --seed s          the same seed repeats the same schedule
  --workers w       worker processes at the start, at least one for each group (default 4)
  --publishers p    publisher processes (default 2)
  --groups g        number of groups; each group handles every event (default 2)
  --fsync f         always (default) or everysec: when the broker writes to disk
  --broker-version v  version of the broker, or its beginning: 4.0
  --keep            keep the journals
  --json            print the books as one line of JSON

Exit codes: 0 nothing is lost and duplicates are within their limit, 1 otherwise, 2 wrong use.`;

/** Maximum number of complaints to print. The journals contain the others. */
const SHOWN = 20;

/** Where the command writes: its result to `print`, everything else to `progress`, line by line. */
export interface Output {
  /** Resolves when the text is written. */
  print(text: string): Promise<unknown>;
  progress(line: string): void;
}

/** Runs the command with the arguments. Resolves to the exit code. */
export async function main(args: readonly string[], { print, progress }: Output): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args.filter((argument) => argument !== '--'));
  } catch (error) {
    progress(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (parsed === undefined) {
    await print(usage);
    return 0;
  }
  const { backend, json, keep, options } = parsed;
  const adapter = await loadAdapter(backend);
  const folder = mkdtempSync(join(tmpdir(), `campaign-${backend}-`));
  try {
    const { complaints, ...books } = await runCampaign(adapter, { ...options, folder, progress });
    for (const complaint of complaints.slice(0, SHOWN)) progress(`FAILED ${complaint}`);
    if (complaints.length > SHOWN) progress(`FAILED and ${complaints.length - SHOWN} more`);
    if (keep || complaints.length > 0) progress(`journals and logs: ${folder}`);
    else rmSync(folder, { recursive: true });
    await print(json ? JSON.stringify(books) : table(books));
    return complaints.length === 0 ? 0 : 1;
  } catch (error) {
    rmSync(folder, { recursive: true });
    if (!(error instanceof BrokerUnavailableError)) throw error;
    progress(error.message);
    return 1;
  }
}

function parse(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      events: { type: 'string' },
      seed: { type: 'string' },
      workers: { type: 'string', default: '4' },
      publishers: { type: 'string', default: '2' },
      groups: { type: 'string', default: '2' },
      fsync: { type: 'string', default: 'always' },
      'broker-version': { type: 'string' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [backend, ...rest] = positionals;
  const known = campaignBackends();
  if (backend === undefined || !known.includes(backend)) {
    throw new Error(`${whyNot(backend)}; available: ${known.join(', ') || 'none'}.`);
  }
  if (rest.length > 0) throw new Error(`Name one backend at a time: ${JSON.stringify(rest[0])} is not an option.`);
  const groups = wholeNumber('groups', values.groups, 1, 16);
  const options: Omit<CampaignOptions, 'folder'> = {
    events: wholeNumber('events', values.events, 1, 10_000_000),
    seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1),
    workers: wholeNumber('workers', values.workers, groups, 64),
    publishers: wholeNumber('publishers', values.publishers, 1, 64),
    groups,
    fsync: fsync(values.fsync),
    brokerVersion: brokerVersion(values['broker-version']),
  };
  return { backend, json: values.json, keep: values.keep, options };
}

function whyNot(backend: string | undefined): string {
  if (backend === undefined) return 'Name the backend to run the campaign with';
  if (backend === 'memory') return '"memory" runs in the process that uses it: there is no broker that could fail';
  return `${JSON.stringify(backend)} is not a backend with a campaign adapter`;
}

function wholeNumber(name: string, text: string | undefined, from: number, to: number): number {
  const value = Number(text);
  if (text !== undefined && /^\d+$/.test(text) && value >= from && value <= to) return value;
  const given = text === undefined ? 'is missing' : `is ${JSON.stringify(text)}`;
  throw new Error(`--${name} ${given}: expected a whole number from ${from} to ${to}.`);
}

function fsync(text: string): Fsync {
  if (text === 'always' || text === 'everysec') return text;
  throw new Error(`--fsync is ${JSON.stringify(text)}: expected always or everysec.`);
}

function brokerVersion(text: string | undefined): string | undefined {
  if (text === undefined || isVersion(text)) return text;
  throw new Error(`--broker-version is ${JSON.stringify(text)}: expected a version, for example 4.0.`);
}

function table(books: object): string {
  return Object.entries(books)
    .map(([name, value]) => `${name.padEnd(16)}${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join('\n');
}
