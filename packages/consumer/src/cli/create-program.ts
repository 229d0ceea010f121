import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { envHelp, type Logger, loadWorkerModule, QUEUE_ENV } from '@slack-mcp/core';
import { openSlackClient, type WorkerContext } from '@slack-mcp/slack';
import { Command } from 'commander';
import { addDeadLetters } from './add-dead-letters.ts';
import { addLogOptions } from './add-log-options.ts';
import { addTail } from './add-tail.ts';
import { createLogger } from './create-logger.ts';
import { openBackend } from './open-backend.ts';
import { runWorker } from './run-worker.ts';
import { CONSUMER_ENV, type LogFlags, readSettings, type Settings } from './settings.ts';

const IN_HELP: ReadonlySet<string> = new Set(['SLACK_BOT_TOKEN', 'SLACK_USER_TOKEN', 'QUEUE_BACKEND', 'QUEUE_KEYS']);

interface Options extends LogFlags {
  readonly handlers?: string;
  readonly group?: string;
}

/** The command `slack-mcp-consumer`. What it cannot do it throws, and does not print. */
export function createProgram(): Command {
  const program = new Command('slack-mcp-consumer')
    .description("Runs handlers for Slack's events, which it takes from a queue.")
    .usage('--handlers FILE [options] | dead-letters … | tail …')
    .version(version())
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    // What stands behind the name of a subcommand is that one's.
    .enablePositionalOptions()
    .option('--handlers <file>', 'module whose default export is a worker: (context) => consumer; .ts runs as it is')
    .option('--group <name>', "group to consume in (default: the worker's own)")
    .addHelpText(
      'after',
      envHelp({
        variables: [...CONSUMER_ENV, ...QUEUE_ENV].filter(({ name }) => IN_HELP.has(name)),
        examples: [
          'SLACK_BOT_TOKEN=xoxb-your-token QUEUE_BACKEND=redis slack-mcp-consumer --handlers worker.ts',
          'QUEUE_BACKEND=redis slack-mcp-consumer dead-letters list --group bot',
        ],
        documentation: fileURLToPath(new URL('../../README.md', import.meta.url)),
      }),
    );
  addLogOptions(program, 'info').action(run);
  addDeadLetters(program);
  addTail(program);
  return program;
}

async function run({ handlers, group, ...flags }: Options, command: Command): Promise<void> {
  // Not mandatory to commander, which would ask the subcommands for it too.
  if (handlers === undefined) command.error("required option '--handlers <file>' not specified");
  const settings = readSettings(flags);
  const logger = createLogger(settings);
  const slack = openSlackClient(settings.slack, logger);
  warnWithoutToken(settings.slack, logger);
  const { start } = await loadWorkerModule<WorkerContext>(handlers, { flag: '--handlers' });
  const backend = await openBackend(settings.env, logger);
  const context = { backend, slack, logger, ...(group !== undefined && { group }) };
  await runWorker(start, context, { drainTimeoutMs: settings.shutdownTimeoutMs });
}

function warnWithoutToken({ token, workspaces }: Settings['slack'], logger: Logger): void {
  const { bot, user } = token ?? {};
  if (workspaces !== undefined || bot !== undefined || user !== undefined) return;
  const advice =
    'calls of Slack will be refused, those of say() too: set SLACK_BOT_TOKEN (for example xoxb-your-token)';
  logger.warn({ advice }, 'slack_token_missing');
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
