import { fileURLToPath } from 'node:url';
import { type Env, envHelp, type Logger, loadWorkerModule, nearestName, QUEUE_ENV } from '@slack-mcp/core';
import { openSlackClient, type WorkerContext } from '@slack-mcp/slack';
import { Command } from 'commander';
import { addDeadLetters } from './add-dead-letters.ts';
import { addLogOptions } from './add-log-options.ts';
import { addTail } from './add-tail.ts';
import { createLogger } from './create-logger.ts';
import { openBackend } from './open-backend.ts';
import { packageVersion } from './package-version.ts';
import { runWorker } from './run-worker.ts';
import {
  CONSUMER_ENV,
  type HealthFlags,
  type LogFlags,
  type OpsFlags,
  readSettings,
  type Settings,
} from './settings.ts';
import { createWorkerOps } from './worker-ops.ts';

const IN_HELP: ReadonlySet<string> = new Set(['SLACK_BOT_TOKEN', 'SLACK_USER_TOKEN', 'QUEUE_BACKEND', 'QUEUE_KEYS']);

interface Options extends LogFlags, HealthFlags, OpsFlags {
  readonly handlers?: string;
  readonly group?: string;
}

/** Creates the command `slack-mcp-consumer`. Failures are thrown, not printed. */
export function createProgram(): Command {
  const program = new Command('slack-mcp-consumer')
    .description('Runs handlers for Slack events from a queue.')
    .usage('--handlers FILE [options] | dead-letters … | tail …')
    .version(packageVersion())
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    // Options after the name of a subcommand belong to the subcommand.
    .enablePositionalOptions()
    .option(
      '--handlers <file>',
      'module with a worker as its default export: (context) => consumer; .ts files run directly',
    )
    .option('--group <name>', "group to consume in (default: the worker's own)")
    .option('--health-port <port>', 'serve /healthz, /readyz, /health and /metrics on this port (env: HEALTH_PORT)')
    .option('--health-host <address>', 'address of --health-port (env: HEALTH_HOST, default: 127.0.0.1)')
    .option(
      '--ops-port <port>',
      'serve the operations API on this port (env: SLACK_MCP_OPS_PORT; see SLACK_MCP_OPS_KEY)',
    )
    .option('--ops-host <address>', 'address of --ops-port (env: SLACK_MCP_OPS_HOST, default: 127.0.0.1)')
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
  // Not declared as mandatory, because commander would then require it for the subcommands too.
  if (handlers === undefined) command.error("required option '--handlers <file>' not specified");
  const settings = readSettings(flags);
  const logger = createLogger(settings);
  const ops = settings.health && (await createWorkerOps(settings.health));
  const slack = openSlackClient(settings.slack, logger, ops?.slack);
  warnWithoutToken(settings.slack, logger);
  warnOfMisspelt(settings.env, logger);
  const { start } = await loadWorkerModule<WorkerContext>(handlers, { flag: '--handlers' });
  const backend = await openBackend(settings.env, logger);
  const context = { backend, slack, logger, ...(group !== undefined && { group }) };
  const api =
    settings.ops && (await (await import('./ops-server.ts')).startOpsServer(settings.ops, { backend, logger }));
  try {
    await runWorker(start, context, { drainTimeoutMs: settings.shutdownTimeoutMs, env: settings.env, ops });
  } finally {
    await api?.close();
  }
}

function warnWithoutToken({ token, workspaces }: Settings['slack'], logger: Logger): void {
  const { bot, user } = token ?? {};
  if (workspaces !== undefined || bot !== undefined || user !== undefined) return;
  const advice = 'Slack calls, including say(), will be rejected: set SLACK_BOT_TOKEN (for example xoxb-your-token)';
  logger.warn({ advice }, 'slack_token_missing');
}

/** Warns about variables whose name is probably a misspelled `SLACK_MCP_` variable of the command. */
function warnOfMisspelt(env: Env, logger: Logger): void {
  const known = CONSUMER_ENV.map(({ name }) => name).filter((name) => name.startsWith('SLACK_MCP_'));
  for (const name of Object.keys(env)) {
    const nearest = known.includes(name) ? undefined : nearestName(name.toUpperCase(), known);
    if (nearest !== undefined) logger.warn({ name, nearest }, 'unknown_variable');
  }
}
