import { ConfigurationError, escapeControls } from '@slack-mcp/core';
import type { DeadLetterFilter } from '@slack-mcp/core/ops';
import { createServerCommand, type ServerCommand } from '../common-options.ts';
import { textTable } from '../text-table.ts';

/** The options that select dead letters. */
export interface FilterFlags {
  readonly group: string;
  readonly keys?: string;
  readonly id?: string;
  readonly code?: string;
  readonly error?: string;
  readonly message?: string;
  readonly type?: string;
  readonly channel?: string;
  readonly after?: string;
  readonly before?: string;
}

/** Creates a subcommand of `slack-mcp ops`. */
export function createOpsSubcommand(name: string, description: string, example: string): ServerCommand {
  const command = createServerCommand({
    name,
    description,
    flags: ['--url'],
    listens: false,
    variables: ['SLACK_MCP_OPS_KEY', 'SLACK_MCP_OPS_URL'],
    examples: [example],
  });
  command.option('--json', 'print JSON for programs');
  return command;
}

/** Adds the options that select dead letters. */
export function addFilterOptions(command: ServerCommand): ServerCommand {
  command
    .requiredOption('--group <name>', 'the group that the dead letters belong to')
    .option('--keys <keys>', "keys, separated by commas (default: the backend's configured keys)")
    .option('--id <ids>', 'ids of dead letters, messages or Slack events, separated by commas')
    .option('--code <code>', 'the code of the reason, for example MAX_RETRIES')
    .option('--error <name>', 'the name of the error, for example TypeError')
    .option('--message <text>', 'the message of the error, as slack-mcp ops errors prints it')
    .option('--type <type>', 'the type of the event, for example app_mention')
    .option('--channel <id>', 'the id of the channel')
    .option('--after <time>', 'parked at or after this time, for example 2026-01-31T12:00:00Z')
    .option('--before <time>', 'parked before this time');
  return command;
}

/** Returns the filter, the keys and the group from the options. */
export function filterOf(flags: FilterFlags): { group: string; keys?: string[]; filter: DeadLetterFilter } {
  const { group, keys, id, after, before } = flags;
  const names = ['code', 'error', 'message', 'type', 'channel'] as const;
  const texts = Object.fromEntries(names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])));
  return {
    group,
    ...(keys === undefined ? {} : { keys: split(keys) }),
    filter: {
      ...texts,
      ...(id === undefined ? {} : { ids: split(id) }),
      ...timeOf('after', after),
      ...timeOf('before', before),
    },
  };
}

function split(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

/** Converts a time in any format that JavaScript parses to ISO 8601, which the API requires. */
export function timeOf<N extends 'after' | 'before'>(name: N, value: string | undefined): { [name in N]?: string } {
  if (value === undefined) return {};
  const time = Date.parse(value);
  if (Number.isNaN(time))
    throw new ConfigurationError(`--${name} must be a date and time, for example --${name} 2026-01-31T12:00:00Z`);
  return { [name]: new Date(time).toISOString() } as { [name in N]?: string };
}

/** Prints a value as JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints rows as a table. The first row is the header. Control characters in cells are shown as escapes. */
export function printTable(rows: readonly (readonly (string | number | undefined)[])[]): void {
  process.stdout.write(textTable(rows.map((row) => row.map((cell) => escapeControls(String(cell ?? ''))))));
}

/** Formats a duration for people, for example `3 min`. */
export function shownDuration(ms: number | undefined): string {
  if (ms === undefined) return '';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
