import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { pino } from 'pino';
import { createSlackClient } from '../slack-client.ts';
import { loadWorker } from './load-worker.ts';
import { openBackend } from './open-backend.ts';
import { runWorker } from './run-worker.ts';
import { readSettings } from './settings.ts';

interface Options {
  handlers: string;
  group?: string;
  logLevel?: string;
}

/** The command `slack-mcp-consumer`. */
export function createProgram(): Command {
  return new Command('slack-mcp-consumer')
    .description("Runs handlers for Slack's events, which it takes from a queue.")
    .version(version())
    .allowExcessArguments(false)
    .requiredOption(
      '--handlers <file>',
      'module whose default export is a worker: (context) => consumer; .ts runs as it is',
    )
    .option('--group <name>', "group to consume in (default: the worker's own)")
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (env: LOG_LEVEL, default: info)')
    .action(async ({ handlers, group, ...flags }: Options) => {
      const { env, token, apiUrl, logLevel } = readSettings(flags);
      const slack = createSlackClient({ token, apiUrl });
      const logger = pino(
        {
          level: logLevel,
          base: null,
          messageKey: 'message',
          timestamp: pino.stdTimeFunctions.isoTime,
          formatters: { level: (label) => ({ level: label }) },
        },
        pino.destination({ dest: 2, sync: true }),
      );
      const start = await loadWorker(handlers);
      const backend = await openBackend(env, logger);
      await runWorker(start, { backend, slack, logger, ...(group !== undefined && { group }) });
    });
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
