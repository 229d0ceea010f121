import { buildEvent, type SimulatorControl } from '@slack-mcp/simulator';

const CHANNELS = ['general', 'random', 'support', 'leads'];

/** Event types that no change in the workspace causes here; they are delivered directly. */
const OTHER_TYPES = ['team_join', 'user_change', 'pin_added', 'file_shared', 'link_shared', 'app_home_opened'] as const;

/**
 * People write, mention the bot, edit, react and open channels. Some deliveries are cut off before the app receives
 * them, or before its response arrives, so that Slack delivers them again.
 *
 * @param bot - the bot's user id
 * @returns how many deliveries were cut off
 */
export async function burst(slack: SimulatorControl, bot: string): Promise<number> {
  await slack.cutOff(4, { at: 'before-request' });
  for (const channel of CHANNELS) {
    const { ts } = await slack.postMessage('alice', channel, `Good morning, #${channel}`);
    await slack.postMessage('bob', channel, 'Good morning to you', { threadTs: ts });
    await slack.postMessage('carol', channel, `<@${bot}> are you there?`);
    await slack.react('bob', channel, ts, 'wave');
  }
  await slack.cutOff(4, { at: 'after-answer' });
  for (const channel of CHANNELS) {
    const { ts } = await slack.postMessage('bob', channel, 'A tpyo');
    await slack.editMessage(channel, ts, 'A typo');
    await slack.react('carol', channel, ts, 'eyes');
    await slack.unreact('carol', channel, ts, 'eyes');
  }
  await slack.cutOff(2, { at: 'after-request' });
  for (const user of ['alice', 'bob']) {
    await slack.postMessage(user, CHANNELS[0] as string, `<@${bot}> and now?`);
    await slack.createChannel(user, `project-${user}`);
  }
  for (const type of OTHER_TYPES) await slack.deliver(buildEvent(type));
  return 10;
}
