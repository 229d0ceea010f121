import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isVersion } from '@slack-mcp/brokers';
import { properties } from '@slack-mcp/conformance';
import { Command, InvalidArgumentError } from 'commander';

/** The options of the command line. */
export interface Flags {
  scale: number;
  deadline: number;
  concurrency: number;
  only?: string[];
  json?: string;
  /** The version of the broker, or its beginning. */
  brokerVersion?: string;
  writeDocs?: true;
}

/** Maximum scale and deadline. With higher values, deadlines that are multiples of both exceed the limit of a timer. */
const MAX_SCALE = 10;
const MAX_DEADLINE_MS = 3_600_000;
/** Maximum number of concurrent properties. More properties would only wait for each other. */
const MAX_CONCURRENCY = 64;

const between =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`A number from ${min} to ${max}.`);
  };

/** Reads the command line. @throws {CommanderError} for wrong use, after a line on standard error, and for help */
export function readFlags(args: readonly string[]): { names: string[]; flags: Flags } {
  const command = new Command('conformance')
    .description('Tests backends against the contract of the queue and prints the results.')
    .argument('[backend...]', 'names of backends (default: all that have a harness)')
    .option(
      '--scale <n>',
      'factor for the number of messages: 0.1 for daily use, 1 for a release',
      between(0.001, MAX_SCALE),
      1,
    )
    .option(
      '--deadline <ms>',
      'maximum milliseconds for each event that must happen',
      between(1, MAX_DEADLINE_MS),
      30_000,
    )
    .option(
      '--concurrency <n>',
      'number of properties of a backend that run concurrently',
      between(1, MAX_CONCURRENCY),
      4,
    )
    .option('--only <id,…>', 'ids of properties', readIds)
    .option('--broker-version <v>', 'version of the broker, or its beginning: 4.0', readVersion)
    .option('--json <file>', 'write the results to a file', writable)
    .option('--write-docs', 'store the results and generate docs/guarantees.md from them')
    .exitOverride();
  // pnpm passes on a leading `--`.
  command.parse(args[0] === '--' ? args.slice(1) : args, { from: 'user' });
  const flags = command.opts<Flags>();
  if (flags.brokerVersion !== undefined && command.args.length !== 1) {
    command.error('error: --broker-version needs the name of one backend, such as rabbitmq', { exitCode: 2 });
  }
  if (flags.writeDocs && flags.only) {
    command.error('error: --write-docs needs all properties: leave out --only', { exitCode: 2 });
  }
  return { names: command.args, flags };
}

function readVersion(text: string): string {
  if (isVersion(text)) return text;
  throw new InvalidArgumentError('A version, for example 4.0.');
}

function readIds(text: string): string[] {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (ids.length === 0) throw new InvalidArgumentError('Ids of properties, for example delivery.ack-on-next.');
  const unknown = ids.filter((id) => !properties.some((property) => property.id === id));
  if (unknown.length === 0) return ids;
  throw new InvalidArgumentError(`No such property: ${unknown.join(', ')} (for example delivery.ack-on-next).`);
}

/** Checks before a run of several minutes that its results can be written. */
function writable(file: string): string {
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
    if (existsSync(file) && statSync(file).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    return file;
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be written: ${(error as NodeJS.ErrnoException).code}.`);
  }
}
