import { openSync, writeSync } from 'node:fs';
import { type Consumer, createConsumer, type WorkerContext } from '@slack-mcp/consumer';

/** Appends the number of each event that it handles to the file `JOURNAL`. */
// biome-ignore lint/style/noDefaultExport: what a worker file is.
export default async function startWorker(context: WorkerContext): Promise<Consumer> {
  const journal = openSync(process.env['JOURNAL'] ?? '', 'a');
  const consumer = createConsumer({ group: 'load', ...context, concurrency: 50 });
  consumer.on('app_mention', async ({ channel }) => {
    // The channel of an event is `CEv` and its number.
    writeSync(journal, `${channel.slice(3)}\n`);
  });
  await consumer.start();
  return consumer;
}
