import { actedAs, createSlackClient, SlackApiError, SlackRateLimitedError } from '@slack-mcp/slack';

const slack = createSlackClient({
  token: { bot: process.env['SLACK_BOT_TOKEN'], user: process.env['SLACK_USER_TOKEN'] },
});

/** Posts to a channel, and searches with what the person may see. */
export async function announce(channel: string, text: string): Promise<string | undefined> {
  try {
    const posted = await slack.call('chat.postMessage', { channel, text });
    const found = await slack.call('search.messages', { query: text }, { as: 'user' });
    return `${posted.ts}, found ${found.messages?.total} as ${actedAs(found)}`;
  } catch (error) {
    if (error instanceof SlackRateLimitedError) return `try again in ${error.retryAfterSeconds} s`;
    if (error instanceof SlackApiError) return `${error.slackError}: ${error.nextStep}`;
    throw error;
  }
}
