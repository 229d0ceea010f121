import { ConfigurationError, type DeadLetter, type DeadLetters, readKeySettings } from '@slack-mcp/core';
import type { Command } from 'commander';
import { addLogOptions } from './add-log-options.ts';
import { columns, json, print } from './print.ts';
import type { LogFlags } from './settings.ts';
import { splitKeys, withBackend } from './with-backend.ts';

interface Options extends LogFlags {
  readonly group: string;
  readonly keys?: string;
  readonly json?: true;
}

interface ListOptions extends Options {
  readonly limit?: string;
  readonly cursor?: string;
}

interface ChoiceOptions extends Options {
  readonly all?: true;
  readonly yes?: true;
}

/** Number of dead letters read per page when the command searches for an id. */
const PAGE = 500;

/** Adds `dead-letters list | show | redrive | purge`. */
export function addDeadLetters(program: Command): void {
  const parent = program
    .command('dead-letters')
    .description("Manages a group's dead letters: list, show, redrive, purge.")
    .usage('list | show | redrive | purge')
    .argument('[name]')
    // Unknown options belong to the intended subcommand.
    .allowUnknownOption()
    .allowExcessArguments()
    .action((name: string | undefined, _options, command: Command) => {
      const none = name === undefined || name.startsWith('-');
      command.error(`${none ? 'no command' : `unknown command '${name}'`}: ${command.usage()}`);
    });
  const add = (usage: string, description: string): Command =>
    addLogOptions(
      parent
        .command(usage)
        .description(description)
        .allowExcessArguments(false)
        .requiredOption('--group <name>', 'the group that the dead letters belong to')
        .option('--keys <keys>', "separated by commas (default: the backend's configured keys)")
        .option('--json', 'machine-readable output'),
      'warn',
    );
  add('list', 'Prints the dead letters, oldest first, without payloads.')
    .option('--limit <n>', 'maximum number to print (default: 100)')
    .option('--cursor <cursor>', 'cursor from the previous page')
    .action(list);
  add('show <id>', 'Prints one dead letter with its payload.').action(show);
  add('redrive [ids...]', 'Returns dead letters to the group, to be handled again.')
    .option('--all', 'all dead letters of the group')
    .action((ids: string[], options: ChoiceOptions) => settle('redrive', ids, options));
  add('purge [ids...]', 'Deletes them.')
    .option('--all', 'all dead letters of the group')
    .option('--yes', 'confirms the permanent deletion')
    .action((ids: string[], options: ChoiceOptions) => settle('purge', ids, options));
}

async function list({ limit, cursor, ...options }: ListOptions): Promise<void> {
  if (limit !== undefined && !/^[1-9]\d{0,4}$/.test(limit)) {
    throw new ConfigurationError(
      `--limit is ${columns(limit)}, but must be a whole number from 1 to 99999, for example --limit 20`,
    );
  }
  await withDeadLetters(options, async (deadLetters, where) => {
    const page = await deadLetters.list({
      ...(limit !== undefined && { limit: Number(limit) }),
      ...(cursor !== undefined && { cursor }),
    });
    if (options.json) {
      const items = page.items.map(({ payload: _payload, raw: _raw, headers: _headers, ...rest }) => rest);
      await print(json({ items, ...(page.cursor !== undefined && { cursor: page.cursor }) }));
      return;
    }
    for (const { id, deadLetteredAt, key, messageId, retryCount, reason } of page.items) {
      const why = [reason.code, [reason.name, reason.message].filter(Boolean).join(': ')].filter(Boolean).join(' ');
      await print(columns(id, new Date(deadLetteredAt).toISOString(), key, messageId, retryCount, why));
    }
    if (page.items.length === 0 && cursor === undefined) process.stderr.write(`no dead letters in ${where}\n`);
    if (page.cursor !== undefined) process.stderr.write(`more: --cursor ${columns(page.cursor)}\n`);
  });
}

async function show(id: string, options: Options): Promise<void> {
  await withDeadLetters(options, async (deadLetters) => {
    const { raw, ...found } = await find(deadLetters, id, options.group);
    const whole = { ...found, ...(raw !== undefined && { rawBase64: Buffer.from(raw).toString('base64') }) };
    await print(json(whole, options.json ? undefined : 2));
  });
}

async function find(deadLetters: DeadLetters, id: string, group: string): Promise<DeadLetter> {
  let cursor: string | undefined;
  do {
    const page = await deadLetters.list({ limit: PAGE, ...(cursor !== undefined && { cursor }) });
    const found = page.items.find((item) => isMeant(item, id));
    if (found !== undefined) return found;
    cursor = page.cursor;
  } while (cursor !== undefined);
  throw new Error(`the group ${group} has no dead letter ${columns(id)}: run "dead-letters list" to see the ids`);
}

/** Whether an id refers to this dead letter: the id of the dead letter, of its message, or of Slack's event. */
function isMeant(item: DeadLetter, id: string): boolean {
  return item.id === id || item.messageId === id || item.headers?.['x-slack-event-id'] === id;
}

/**
 * Replaces the ids of messages and of Slack's events with the ids of their dead letters. Unknown ids are returned
 * unchanged.
 */
async function parkedIds(deadLetters: DeadLetters, ids: readonly string[]): Promise<string[]> {
  const isOther = (id: string): boolean => /^(Ev|[A-Z0-9]+:)/.test(id);
  if (!ids.some(isOther)) return [...ids];
  const found = new Set(ids.filter((id) => !isOther(id)));
  const missing = new Set(ids.filter(isOther));
  let cursor: string | undefined;
  do {
    const page = await deadLetters.list({ limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const id of ids.filter(isOther)) {
      const meant = page.items.filter((item) => isMeant(item, id));
      if (meant.length > 0) missing.delete(id);
      for (const item of meant) found.add(item.id);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return [...found, ...missing];
}

async function settle(action: 'redrive' | 'purge', ids: readonly string[], options: ChoiceOptions): Promise<void> {
  if (ids.length > 0 === (options.all === true)) {
    const given = ids.length > 0 ? 'both were given' : 'neither was given';
    throw new ConfigurationError(`to ${action}, pass either the ids of the dead letters or --all: ${given}`);
  }
  if (action === 'purge' && !options.yes) {
    throw new ConfigurationError('purge deletes dead letters permanently: confirm the deletion with --yes');
  }
  const asked = [...new Set(ids)];
  await withDeadLetters(options, async (deadLetters, where) => {
    const count = await deadLetters[action](options.all ? 'all' : await parkedIds(deadLetters, asked));
    const done = action === 'redrive' ? 'redriven' : 'purged';
    await print(options.json ? json({ [done]: count }) : `${count} ${done}`);
    // The group may have no dead letters left, or the group or key may be misspelled: backends do not distinguish these cases.
    if (count === 0 && options.all) process.stderr.write(`no dead letters in ${where}\n`);
    if (count < asked.length)
      throw new Error(
        `${asked.length - count} of ${asked.length} ids are not ids of dead letters: run "dead-letters list" to see the ids`,
      );
  });
}

/** Opens the dead letters of a group. `where` describes the group and the keys, for texts that the command prints. */
async function withDeadLetters(
  options: Options,
  use: (deadLetters: DeadLetters, where: string) => Promise<void>,
): Promise<void> {
  const { group } = options;
  const keys = splitKeys(options.keys);
  await withBackend(options, (backend, _logger, env) => {
    const listed = keys.keys ?? readKeySettings(env).keys;
    const where = `the group ${group} under the ${listed.length === 1 ? 'key' : 'keys'} ${listed.join(', ')}`;
    return use(backend.deadLetters({ group, ...keys }), where);
  });
}
