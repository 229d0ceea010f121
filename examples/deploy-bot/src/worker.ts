import { createConsumer, deduplicate, logging, NonRetryableError, type WorkerContext } from '@slack-mcp/consumer';
import { confirmation, notesForm } from './blocks.ts';

/** `/deploy api` asks for a confirmation; a button starts it; a shortcut opens a form for the release notes. */
export default async function startWorker(context: WorkerContext) {
  const bot = createConsumer({ group: 'deploy-bot', ...context, middleware: [deduplicate(), logging()] });

  bot.command('/deploy', async ({ text: service }, { respond }) => {
    await respond(service === '' ? 'Which service? For example `/deploy api`' : confirmation(service));
  });

  // One pattern, two buttons: `deploy:yes` and `deploy:no`.
  bot.action(/^deploy:/, async ({ action_id, value: service }, { envelope, respond, say }) => {
    await respond({ delete_original: true });
    if (action_id === 'deploy:yes') await say(`<@${envelope.user.id}> deploys *${service}*`);
  });

  bot.shortcut('release_notes', async ({ trigger_id, channel }, { slack }) => {
    await slack.call('views.open', { trigger_id, view: notesForm(channel?.id ?? '') });
  });

  bot.view('release_notes', async ({ state, private_metadata: channel }, { envelope, say }) => {
    const notes = state.values['notes']?.['text']?.value;
    // A retry cannot add missing notes: park the message at once.
    if (!notes) throw new NonRetryableError('the form has no notes');
    await say({ channel, text: `<@${envelope.user.id}> has released:\n${notes}` });
  });

  bot.view('release_notes', { closed: true }, (_view, { logger }) => logger.info('release_notes_dropped'));

  await bot.start();
  return bot;
}
