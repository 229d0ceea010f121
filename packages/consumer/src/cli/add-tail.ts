import { onTermination, type QueueMessage } from '@slack-mcp/core';
import { readPayload } from '@slack-mcp/slack';
import type { Command } from 'commander';
import { addLogOptions } from './add-log-options.ts';
import { columns, json, print } from './print.ts';
import type { LogFlags } from './settings.ts';
import { splitKeys, withBackend } from './with-backend.ts';

interface Options extends LogFlags {
  readonly keys?: string;
  readonly json?: true;
}

/** Adds the command `tail`. */
export function addTail(program: Command): void {
  const command = program
    .command('tail')
    .description('Prints published events without taking them from other consumers. Ends on SIGINT.')
    .allowExcessArguments(false)
    .option('--keys <keys>', "separated by commas (default: the backend's configured keys)")
    .option('--json', 'one JSON object per line, with the payload');
  addLogOptions(command, 'warn').action(tail);
}

async function tail(options: Options): Promise<void> {
  const keys = splitKeys(options.keys);
  await withBackend(options, async (backend, logger, env) => {
    const stop = new AbortController();
    const release = onTermination(() => stop.abort(), env);
    try {
      const subscription = backend.consume({ ...keys, signal: stop.signal });
      subscription.ready.then(
        () => logger.info('tail_ready'),
        () => {},
      );
      for await (const message of subscription) await print(options.json ? whole(message) : summary(message));
    } finally {
      release();
    }
  });
}

function summary({ payload, metadata }: QueueMessage): string {
  const { timestamp, key, orderingKey, messageId } = metadata;
  return columns(new Date(timestamp).toISOString(), key, readPayload(payload).name, orderingKey, messageId);
}

function whole({ payload, metadata }: QueueMessage): string {
  const { messageId, timestamp, key, orderingKey, headers } = metadata;
  return json({ messageId, timestamp, key, orderingKey, headers, payload });
}
