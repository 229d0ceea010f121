import type { Simulator } from '@slack-mcp/simulator';
import { describe, expect, it } from 'vitest';
import { PROMPT_NAMES, TOOL_NAMES } from '../support/tool-names.ts';
import { connectClient } from './support/connect-client.ts';
import { startWorkspace } from './support/start-workspace.ts';

const LARGE = { seed: { crowd: { users: 250_000, channels: 50_000 } } };
/** Pages of 999, including the channels of the seed. */
const PAGES = 51;
const DEADLINE = { timeout: 60_000 };

const pagesRead = async (simulator: Simulator): Promise<number> => (await simulator.calls('conversations.list')).length;

describe('a workspace of 250,000 users and 50,000 channels', () => {
  it('starts sessions and lists tools without calling Slack', async () => {
    await using at = await startWorkspace({ simulator: LARGE });
    const client = await connectClient(at.host);
    expect((await client.listTools()).tools).toHaveLength(TOOL_NAMES.length);
    expect((await client.listPrompts()).prompts).toHaveLength(PROMPT_NAMES.length);
    expect((await client.listResources()).resources).toHaveLength(1);
    expect(await at.simulator.calls()).toEqual([]);
  });

  it('answers while its names are being read, and runs calls that need none of them', async () => {
    await using at = await startWorkspace({ simulator: LARGE });
    const named = at.host.callTool('slack_post_message', { channel: 'channel-49999', text: 'Hello' });
    await expect.poll(() => pagesRead(at.simulator), DEADLINE).toBeGreaterThan(0);
    const client = await connectClient(at.host);
    expect((await client.listTools()).tools).toHaveLength(TOOL_NAMES.length);
    const posted = await at.host.callTool('slack_post_message', { channel: 'C0GENERAL1', text: 'Hello' });
    expect(posted.isError).toBeUndefined();
    expect(await pagesRead(at.simulator)).toBeLessThan(PAGES);
    // The bot is not a member of it, which is only known of a channel that was found.
    expect((await named).content[0]?.text).toContain('not_in_channel');
    expect(await pagesRead(at.simulator)).toBe(PAGES);
  });

  it('continues to read names in the background, and blocks no other method when Slack limits it', async () => {
    await using at = await startWorkspace({ simulator: LARGE });
    await at.simulator.limit('conversations.list', { retryAfterS: 30, times: 1 });
    const named = await at.host.callTool('slack_post_message', { channel: 'channel-1', text: 'Hello' });
    expect(named.content[0]?.text).toContain('conversations.list');
    const posted = await at.host.callTool('slack_post_message', { channel: 'C0GENERAL1', text: 'Hello' });
    expect(posted.isError).toBeUndefined();
  });
});
