import type {
  AuditEntry,
  DeadLetterErrorsAnswer,
  DeadLettersAnswer,
  EventsAnswer,
  GroupsAnswer,
  JobsAnswer,
} from '@slack-mcp/core/ops';
import { CommandFailure } from '../command-failure.ts';
import type { ServerCommand } from '../common-options.ts';
import { askAll } from './ask-all.ts';
import { type JoinedEntry, type JoinedTimeline, joinTimelines } from './joined-timelines.ts';
import { type OpsClient, OpsRefusal, opsClients } from './ops-client.ts';
import {
  addFilterOptions,
  createOpsSubcommand,
  type FilterFlags,
  filterOf,
  printJson,
  printTable,
  shownDuration,
  timeOf,
} from './ops-options.ts';

/** The subcommands that change nothing. */
export function createReadCommands(): readonly ServerCommand[] {
  return [groups(), deadLetters(), errors(), event(), events(), jobs(), audit()];
}

function isJson(command: ServerCommand): boolean {
  return command.opts<{ json?: true }>().json === true;
}

function groups(): ServerCommand {
  const command = createOpsSubcommand(
    'groups',
    'Show the groups with lag, oldest message and rates',
    'slack-mcp ops groups',
  );
  return command.action(async () => {
    const clients = opsClients(command);
    const { answers, throwFailures } = await askAll(clients, (client) => client.get<GroupsAnswer>('/groups'));
    if (isJson(command)) {
      printJson(answers.map(({ answer }) => answer));
      return throwFailures();
    }
    const rows = answers.flatMap(({ url, answer: { process, groups: all } }) =>
      all.flatMap(({ group, keys, consumers, paused, activity }) =>
        (keys.length === 0 ? [{ key: '' }] : keys).map(
          (key: Partial<GroupsAnswer['groups'][number]['keys'][number]>) => [
            group,
            key.key,
            key.lag,
            shownDuration(key.oldestAgeMs),
            key.deadLetters,
            `${consumers - paused}${paused > 0 ? ` (${paused} paused)` : ''}`,
            activity?.inFlight,
            activity?.lastMinute.handled,
            activity?.lastMinute.retried,
            clients.length > 1 ? `${process} ${url}` : process,
          ],
        ),
      ),
    );
    const head = [
      'group',
      'key',
      'lag',
      'oldest',
      'dead',
      'consumers',
      'in flight',
      'handled/min',
      'retries/min',
      'process',
    ];
    printTable([head, ...rows]);
    throwFailures();
    const down = answers.find(({ answer }) => answer.status === 'down');
    if (down !== undefined)
      throw new CommandFailure(`${down.url}: the queue backend ${down.answer.backend} is down`, 1);
  }) as ServerCommand;
}

function deadLetters(): ServerCommand {
  const example = 'slack-mcp ops dead-letters --group bot --code MAX_RETRIES';
  const command = addFilterOptions(createOpsSubcommand('dead-letters', 'List dead letters without payloads', example));
  command
    .option('--limit <n>', 'maximum number of dead letters on a page (default: 100)')
    .option('--cursor <cursor>', 'cursor of the previous page');
  return command.action(async (flags: FilterFlags & { limit?: string; cursor?: string }) => {
    const { filter, ...where } = filterOf(flags);
    const [client] = opsClients(command);
    const query = { ...where, ...filter, limit: flags.limit, cursor: flags.cursor };
    const answer = await client.get<DeadLettersAnswer>('/dead-letters', query);
    if (isJson(command)) return printJson(answer);
    const rows = answer.items.map(({ id, deadLetteredAt, type, channel, eventId, messageId, reason }) => [
      id,
      deadLetteredAt,
      type,
      channel,
      eventId ?? messageId,
      reason.code,
      [reason.name, reason.message].filter(Boolean).join(': '),
    ]);
    printTable([['id', 'parked', 'type', 'channel', 'event', 'code', 'error'], ...rows]);
    if (answer.cursor !== undefined) process.stderr.write(`more: --cursor ${answer.cursor}\n`);
  }) as ServerCommand;
}

function errors(): ServerCommand {
  const command = addFilterOptions(
    createOpsSubcommand('errors', 'Count dead letters by their error', 'slack-mcp ops errors --group bot'),
  );
  return command.action(async (flags: FilterFlags) => {
    const { filter, ...where } = filterOf(flags);
    const [client] = opsClients(command);
    const answer = await client.get<DeadLetterErrorsAnswer>('/dead-letters/errors', { ...where, ...filter });
    if (isJson(command)) return printJson(answer);
    const rows = answer.errors.map(({ count, code, error, message, newest }) => [count, code, error, newest, message]);
    printTable([['count', 'code', 'error', 'newest', 'message'], ...rows]);
    if (answer.truncated) process.stderr.write(`only the oldest ${answer.scanned} dead letters were read\n`);
  }) as ServerCommand;
}

function event(): ServerCommand {
  const command = createOpsSubcommand(
    'event',
    'Show what happened to an event, from all processes in --url',
    'slack-mcp ops event Ev0123456789 --url http://127.0.0.1:3000,http://127.0.0.1:9091',
  );
  return command.argument('<id>', "Slack's id of the event, or the id of its message").action(async (id: string) => {
    const { answers: found, throwFailures } = await askAll(opsClients(command), (client) => eventAt(client, id));
    const answers = found
      .map(({ answer }) => answer)
      .filter((answer): answer is EventsAnswer => !(answer instanceof OpsRefusal));
    if (answers.length > 0) showTimelines(command, joinTimelines(answers));
    throwFailures();
    // No process knows the event.
    if (answers.length === 0) throw found[0]?.answer;
  }) as ServerCommand;
}

/** Returns the refusal if the process does not know the event, because another process may know it. */
function eventAt(client: OpsClient, id: string): Promise<EventsAnswer | OpsRefusal> {
  return client.get<EventsAnswer>(`/events/${encodeURIComponent(id)}`).catch((error: unknown) => {
    if (error instanceof OpsRefusal && error.code === 'unknown_event') return error;
    throw error;
  });
}

function events(): ServerCommand {
  const command = createOpsSubcommand(
    'events',
    'Find events by type, channel or time',
    'slack-mcp ops events --channel C0123456789 --limit 10',
  );
  command
    .option('--type <type>', 'the type of the event')
    .option('--channel <id>', 'the id of the channel')
    .option('--after <time>', 'only events with a step at or after this time')
    .option('--before <time>', 'only events with a step before this time')
    .option('--limit <n>', 'maximum number of events from each process (default: 50)');
  return command.action(async ({ type, channel, after, before, limit }: Partial<FilterFlags> & { limit?: string }) => {
    const query = { type, channel, limit, ...timeOf('after', after), ...timeOf('before', before) };
    const { answers, throwFailures } = await askAll(opsClients(command), (client) =>
      client.get<EventsAnswer>('/events', query),
    );
    showTimelines(command, joinTimelines(answers.map(({ answer }) => answer)));
    throwFailures();
  }) as ServerCommand;
}

function showTimelines(command: ServerCommand, timelines: readonly JoinedTimeline[]): void {
  if (isJson(command)) {
    printJson(timelines);
    return;
  }
  for (const { messageId, type, channel, key, entries } of timelines) {
    printTable([[messageId, type, channel, key]]);
    printTable(entries.map((entry) => ['', new Date(entry.at).toISOString(), entry.step, detailsOf(entry)]));
  }
}

function detailsOf({ group, attempt, durationMs, delayMs, error, code, process }: JoinedEntry): string {
  return [
    process,
    group,
    attempt === undefined ? '' : `attempt ${attempt}`,
    durationMs === undefined ? '' : `took ${shownDuration(durationMs)}`,
    delayMs === undefined ? '' : `again in ${shownDuration(delayMs)}`,
    error,
    code,
  ]
    .filter(Boolean)
    .join(', ');
}

function jobs(): ServerCommand {
  const command = createOpsSubcommand('jobs', 'List redrives and purges', 'slack-mcp ops jobs');
  return command.action(async () => {
    const { answers, throwFailures } = await askAll(opsClients(command), (client) => client.get<JobsAnswer>('/jobs'));
    const all = answers.flatMap(({ answer }) => answer.jobs);
    if (isJson(command)) {
      printJson(all);
      return throwFailures();
    }
    const rows = all.map(({ id, action, group, status, done, matched, startedBy, startedAt }) => [
      id,
      action,
      group,
      status,
      `${done} of ${matched}`,
      startedBy,
      startedAt,
    ]);
    printTable([['id', 'action', 'group', 'status', 'done', 'by', 'started'], ...rows]);
    throwFailures();
  }) as ServerCommand;
}

function audit(): ServerCommand {
  const command = createOpsSubcommand('audit', 'List what operators did', 'slack-mcp ops audit');
  return command.action(async () => {
    const { answers, throwFailures } = await askAll(opsClients(command), (client) =>
      client.get<{ entries: AuditEntry[] }>('/audit'),
    );
    const entries = answers.flatMap(({ answer }) => answer.entries);
    if (isJson(command)) {
      printJson(entries);
      return throwFailures();
    }
    const rows = entries.map(({ at, who, action, group, target, outcome, count }) => [
      at,
      who,
      action,
      group,
      outcome,
      count,
      target,
    ]);
    printTable([['at', 'who', 'action', 'group', 'outcome', 'count', 'target'], ...rows]);
    throwFailures();
  }) as ServerCommand;
}
