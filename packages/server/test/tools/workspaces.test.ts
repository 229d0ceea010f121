import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '@slack-mcp/simulator';
import { createSlackPort } from '@slack-mcp/slack';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { FAILURE_META_KEY } from '../../src/tools/tool-result.ts';
import { connectClient } from '../mcp/support/connect-client.ts';
import { openHost, type TestHost, type TestHostOptions } from '../support/open-host.ts';

const TEAMS = ['acme', 'beta'] as const;

interface Teams extends AsyncDisposable {
  readonly host: TestHost;
  readonly acme: Simulator;
  readonly beta: Simulator;
}

/** Two workspaces that each have a channel `general`, with different ids. */
async function startTeams(options: Partial<TestHostOptions> = {}): Promise<Teams> {
  const [acme, beta] = await Promise.all(
    TEAMS.map((team, index) =>
      createSimulator({
        signingSecret: 'secret',
        botToken: `xoxb-simulated-${team}`,
        seed: {
          team: { id: `T0${team.toUpperCase()}001` },
          channels: [{ id: `C0GENERAL${index}`, name: 'general', members: ['U0SIMULBOT'] }],
        },
      }),
    ),
  );
  if (acme === undefined || beta === undefined) throw new Error('not started');
  const slack = new Map(
    [acme, beta].map((simulator, index) => [
      TEAMS[index] as string,
      createSlackPort({ token: `xoxb-simulated-${TEAMS[index]}`, apiUrl: simulator.url }),
    ]),
  );
  const host = openHost({ slack, logger: capturedLog(), version: '1.2.3', ...options });
  return {
    host,
    acme,
    beta,
    async [Symbol.asyncDispose]() {
      await host.close();
      await Promise.all([acme.close(), beta.close()]);
    },
  };
}

const post = (host: TestHost, args: object) =>
  host.callTool('slack_post_message', { channel: 'general', text: 'Hello', ...args });

describe('several workspaces', () => {
  it('are each found by name, where the same channel name is a different channel', async () => {
    await using at = await startTeams();
    expect((await post(at.host, { team: 'acme' })).structuredContent).toMatchObject({ channel: 'C0GENERAL0' });
    expect((await post(at.host, { team: ' Beta ' })).structuredContent).toMatchObject({ channel: 'C0GENERAL1' });
    expect((await at.host.callTool('slack_read_emojis', { input_params: { team: 'beta' } })).isError).toBeUndefined();
    expect(await at.acme.calls('chat.postMessage')).toHaveLength(1);
    expect(await at.beta.calls('chat.postMessage')).toHaveLength(1);
    expect(await at.beta.calls('emoji.list')).toHaveLength(1);
  });

  it("are found by Slack's id, also while another does not respond", async () => {
    await using at = await startTeams();
    await at.acme.fail('auth.test', 'fatal_error');
    const result = await post(at.host, { team: 'T0BETA001' });
    expect(result.structuredContent).toMatchObject({ channel: 'C0GENERAL1' });
  });

  it.each(['team_id', 'teamId', 'workspace', 'Workspace ID'])('are also selected by %s', async (name) => {
    await using at = await startTeams();
    expect((await post(at.host, { [name]: 'beta' })).structuredContent).toMatchObject({ channel: 'C0GENERAL1' });
    expect((await post(at.host, { [name]: ['acme'] })).structuredContent).toMatchObject({ channel: 'C0GENERAL0' });
  });

  it.each([undefined, '', 'gamma', 'T0GAMMA01', 7, '__proto__'])('are not guessed from %j', async (team) => {
    await using at = await startTeams();
    const result = await post(at.host, { team });
    expect(result._meta?.[FAILURE_META_KEY]).toMatchObject({
      code: 'unknown_team',
      details: { candidates: ['acme', 'beta'] },
    });
    expect(result.content[0]?.text).toContain('acme, beta');
    expect(await at.acme.calls('chat.postMessage')).toHaveLength(0);
    expect(await at.beta.calls('chat.postMessage')).toHaveLength(0);
  });

  it('are requested by every tool, but only if there are several', async () => {
    await using at = await startTeams();
    for (const { inputSchema } of at.host.tools) {
      expect(inputSchema).toMatchObject({
        properties: { team: { enum: ['acme', 'beta'] } },
        required: expect.arrayContaining(['team']),
      });
    }
    const one = new Map([['acme', createSlackPort({ token: 'xoxb-simulated-acme', apiUrl: at.acme.url })]]);
    const alone = openHost({ slack: one, logger: capturedLog(), version: '1.2.3' });
    expect(JSON.stringify(alone.tools)).not.toContain('"team"');
    expect((await post(alone, {})).structuredContent).toMatchObject({ channel: 'C0GENERAL0' });
    await alone.close();
  });

  it('have separate limits', async () => {
    await using at = await startTeams();
    await at.acme.limit('chat.postMessage', { retryAfterS: 30 });
    expect((await post(at.host, { team: 'acme' }))._meta?.[FAILURE_META_KEY].code).toBe('rate_limited');
    expect((await post(at.host, { team: 'beta' })).isError).toBeUndefined();
  });

  it('have separate lists of channels', async () => {
    await using at = await startTeams({ writeChannels: ['acme/general', '!beta/*'], readChannels: ['Acme/#general'] });
    const code = async (tool: string, team: string) =>
      (await at.host.callTool(tool, { team, channel: 'general', ...(tool === 'slack_post_message' && { text: 'Hi' }) }))
        ._meta?.[FAILURE_META_KEY].code;
    expect(await code('slack_post_message', 'acme')).toBeUndefined();
    expect(await code('slack_post_message', 'beta')).toBe('not_allowed');
    expect(await code('slack_read_channel_messages', 'acme')).toBeUndefined();
    expect(await code('slack_read_channel_messages', 'beta')).toBe('not_allowed');
  });

  it('reject a list for an unknown workspace', async () => {
    await expect(startTeams({ writeChannels: ['gamma/general'] })).rejects.toThrow(
      /SLACK_MCP_WRITE_CHANNELS.*"gamma".*acme, beta/,
    );
  });

  it('keep idempotency keys separate', async () => {
    await using at = await startTeams();
    const key = { idempotency_key: 'deploy-42' };
    for (const team of [...TEAMS, ...TEAMS]) expect((await post(at.host, { team, ...key })).isError).toBeUndefined();
    expect(await at.acme.calls('chat.postMessage')).toHaveLength(1);
    expect(await at.beta.calls('chat.postMessage')).toHaveLength(1);
  });

  it('keep names in separate files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slack-mcp-teams-'));
    {
      await using at = await startTeams({ cacheFile: join(folder, 'names.json') });
      for (const team of TEAMS) await post(at.host, { team });
      await expect.poll(async () => (await readdir(folder)).sort()).toEqual(['names.acme.json', 'names.beta.json']);
    }
    await rm(folder, { recursive: true });
  });

  it('are listed by a resource, each with its own emoji, even if one of them does not respond', async () => {
    await using at = await startTeams();
    const client = await connectClient(at.host);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([
      'slack://workspaces',
      'slack://acme/emojis',
      'slack://beta/emojis',
    ]);
    await at.acme.fail('auth.test', 'account_inactive');
    const read = async (uri: string) => {
      const [content] = (await client.readResource({ uri })).contents;
      return JSON.parse(content !== undefined && 'text' in content ? content.text : '');
    };
    expect(await read('slack://workspaces')).toEqual({
      workspaces: [
        { name: 'acme', problem: expect.stringContaining('account_inactive') },
        { name: 'beta', team_id: 'T0BETA001', team: expect.any(String), url: expect.any(String) },
      ],
    });
    await read('slack://beta/emojis');
    expect(await at.beta.calls('emoji.list')).toHaveLength(1);
    expect(await at.acme.calls('emoji.list')).toHaveLength(0);
  });
});
