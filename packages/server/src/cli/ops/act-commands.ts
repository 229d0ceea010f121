import { setTimeout as pause } from 'node:timers/promises';
import { ConfigurationError } from '@slack-mcp/core';
import type { Job, PauseAnswer } from '@slack-mcp/core/ops';
import { CommandFailure } from '../command-failure.ts';
import type { ServerCommand } from '../common-options.ts';
import { askAll } from './ask-all.ts';
import { type OpsClient, OpsRefusal, opsClients } from './ops-client.ts';
import { addFilterOptions, createOpsSubcommand, type FilterFlags, filterOf, printJson } from './ops-options.ts';

interface JobFlags extends FilterFlags {
  readonly all?: true;
  readonly dryRun?: true;
  readonly cap?: string;
  readonly rate?: string;
  readonly detach?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** Milliseconds between two requests for the progress of a job. */
const POLL_MS = 500;

/** The subcommands that change something. */
export function createActCommands(): readonly ServerCommand[] {
  return [job('redrive'), job('purge'), cancel(), pauseOrResume('pause'), pauseOrResume('resume')];
}

function job(action: Job['action']): ServerCommand {
  const does = action === 'redrive' ? 'Return dead letters to the group' : 'Delete dead letters';
  const example = `slack-mcp ops ${action} --group bot --code MAX_RETRIES ${action === 'redrive' ? '--rate 50' : '--dry-run'}`;
  const command = addFilterOptions(createOpsSubcommand(action, `${does}, as a job`, example));
  command
    .option('--all', 'all dead letters of the group')
    .option('--dry-run', 'only count the dead letters')
    .option('--cap <n>', 'maximum number of dead letters (default: no limit)')
    .option('--rate <n>', 'maximum number of dead letters per second (default: no limit)')
    .option('--detach', 'print the job and exit, while the job goes on');
  if (action === 'purge') command.option('--yes', 'confirm the permanent deletion');
  return command.action(async (flags: JobFlags) => {
    const { filter, ...where } = filterOf(flags);
    if (Object.keys(filter).length > 0 === (flags.all === true)) {
      const given = flags.all ? 'both were given' : 'neither was given';
      throw new ConfigurationError(`to ${action}, pass either a filter such as --code, or --all: ${given}`);
    }
    if (action === 'purge' && !flags.yes && !flags.dryRun) {
      throw new ConfigurationError(
        'purge deletes dead letters permanently: confirm it with --yes, or count with --dry-run',
      );
    }
    const [client] = opsClients(command);
    const started = await client.post<Job>('/jobs', {
      action,
      ...where,
      filter,
      ...(flags.dryRun ? { dryRun: true } : {}),
      ...countOf('cap', flags.cap),
      ...countOf('rate', flags.rate),
    });
    const ended = flags.detach ? started : await untilEnded(client, started);
    if (flags.json) printJson(ended);
    else process.stdout.write(`${describe(ended)}\n`);
    if (ended.status === 'failed') throw new CommandFailure(`the job failed: ${ended.error?.message}`, 1);
  }) as ServerCommand;
}

function countOf(name: 'cap' | 'rate', value: string | undefined): object {
  if (value === undefined) return {};
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new ConfigurationError(`--${name} must be a whole number of at least 1, for example --${name} 100`);
  }
  return { [name === 'rate' ? 'ratePerSecond' : 'cap']: Number(value) };
}

async function untilEnded(client: OpsClient, { id }: Job): Promise<Job> {
  process.stderr.write(`job ${id}; to cancel it: slack-mcp ops cancel ${id}\n`);
  for (;;) {
    const current = await client.get<Job>(`/jobs/${id}`);
    if (current.status !== 'running') return current;
    await pause(POLL_MS);
  }
}

function describe({ id, action, group, status, done, matched, dryRun, reachedCap }: Job): string {
  if (dryRun) return `${matched} dead letters of ${group} match; the job would ${action} them`;
  const what = `${done} of ${matched} dead letters of ${group} ${action === 'redrive' ? 'redriven' : 'purged'}`;
  return `${status}: ${what}${reachedCap ? ' (cap reached)' : ''}, job ${id}`;
}

function cancel(): ServerCommand {
  const command = createOpsSubcommand(
    'cancel',
    'Cancel a job',
    'slack-mcp ops cancel 0b6f2d7e-6a0b-4a4e-9a44-6f1f1f0b1c55',
  );
  return command.argument('<job>', 'id of the job').action(async (id: string, { json }: { json?: true }) => {
    const [client] = opsClients(command);
    const ended = await client.post<Job>(`/jobs/${encodeURIComponent(id)}/cancel`);
    if (json) printJson(ended);
    else process.stdout.write(`${describe(ended)}\n`);
  }) as ServerCommand;
}

function pauseOrResume(action: 'pause' | 'resume'): ServerCommand {
  const command = createOpsSubcommand(
    action,
    `${action === 'pause' ? 'Pause' : 'Resume'} the consumers of a group in every process in --url`,
    `slack-mcp ops ${action} --group bot --url http://127.0.0.1:9091`,
  );
  command.requiredOption('--group <name>', 'the group');
  return command.action(async ({ group, json }: { group: string; json?: true }) => {
    const { answers, throwFailures } = await askAll(opsClients(command), (client) => change(client, group, action));
    const changed = answers.filter(({ answer }) => !(answer instanceof OpsRefusal));
    if (changed.length === 0) {
      throwFailures();
      throw answers[0]?.answer;
    }
    if (json) printJson(changed);
    for (const { url, answer } of json ? [] : changed) {
      const { paused, consumers } = answer as PauseAnswer;
      process.stdout.write(`${url}: ${paused} of ${consumers} consumers of ${group} are paused\n`);
    }
    throwFailures();
  }) as ServerCommand;
}

/**
 * Returns the refusal instead of throwing it if the process has no consumer of the group: another process may have one.
 */
function change(client: OpsClient, group: string, action: 'pause' | 'resume'): Promise<PauseAnswer | OpsRefusal> {
  return client.post<PauseAnswer>(`/groups/${encodeURIComponent(group)}/${action}`).catch((error: unknown) => {
    if (error instanceof OpsRefusal && error.code === 'not_pausable') return error;
    throw error;
  });
}
