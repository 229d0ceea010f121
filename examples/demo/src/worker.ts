import { appendFile } from 'node:fs/promises';
import { createConsumer, type WorkerContext } from '@slack-mcp/consumer';

/** The worker for `slack-integrated-server --worker` in the demo: replies to mentions and keeps a journal. */
export default function worker({ backend, slack, logger }: WorkerContext) {
  const consumer = createConsumer({ backend, slack, logger, group: 'demo' });

  consumer.on('app_mention', async (event, { say }) => {
    await say(`Hello <@${event.user}>, I heard you.`);
  });

  // One line for each handled event, to compare with the sent events at the end.
  consumer.any(async ({ envelope, metadata }) => {
    const line = JSON.stringify({ eventId: envelope['event_id'], messageId: metadata.messageId });
    await appendFile(process.env['DEMO_JOURNAL'] ?? 'journal.jsonl', `${line}\n`);
  });

  void consumer.start();
  return consumer;
}
