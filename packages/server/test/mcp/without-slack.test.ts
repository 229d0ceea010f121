import { createSimulator } from '@slack-mcp/simulator';
import { createSlackPort } from '@slack-mcp/slack';
import { capturedLog, hang, unrulySlack } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { openHost } from '../support/open-host.ts';
import { PROMPT_NAMES, TOOL_NAMES } from '../support/tool-names.ts';
import { connectClient } from './support/connect-client.ts';
import { TOKEN } from './support/start-workspace.ts';

describe('a session with a Slack that does not respond', () => {
  it('starts and lists without calling Slack', async () => {
    await using slack = await unrulySlack(hang);
    const port = createSlackPort({ token: TOKEN, apiUrl: slack.url });
    const host = openHost({
      slack: port,
      logger: capturedLog(),
      version: '1.2.3',
      readChannels: ['general', '!@dm'],
      writeChannels: ['general'],
      externalChannels: 'deny',
    });
    const client = await connectClient(host);
    expect((await client.listTools()).tools).toHaveLength(TOOL_NAMES.length);
    expect((await client.listPrompts()).prompts).toHaveLength(PROMPT_NAMES.length);
    const result = client.callTool({ name: 'slack_read_channel_messages', arguments: { channel: 'general' } });
    result.catch(() => {});
    await expect.poll(() => slack.calls.map(({ method }) => method)).toEqual(['conversations.list']);
    // Reading names does not delay a session.
    const other = await connectClient(host);
    expect((await other.listTools()).tools).toHaveLength(TOOL_NAMES.length);
    await host.close();
  });
});

describe('a large workspace', () => {
  it('is read page by page to find a name in it', async () => {
    const channels = Array.from({ length: 5_000 }, (_, index) => ({
      id: `C${String(index).padStart(8, '0')}`,
      name: `channel-${index}`,
      members: ['U0SIMULBOT'],
    }));
    await using simulator = await createSimulator({ signingSecret: 'secret', botToken: TOKEN, seed: { channels } });
    const slack = createSlackPort({ token: TOKEN, apiUrl: simulator.url });
    const host = openHost({ slack, logger: capturedLog(), version: '1.2.3' });
    const client = await connectClient(host);
    await client.listTools();
    expect(await simulator.calls()).toHaveLength(0);
    const result = await host.callTool('slack_post_message', { channel: 'channel-4999', text: 'Hello' });
    expect(result.structuredContent).toMatchObject({ channel: 'C00004999' });
    expect(await simulator.calls('conversations.list')).toHaveLength(6);
    await host.close();
  });
});
