import { describe, expect, it } from 'vitest';
import { connectClient, createClient } from '../support/connect-client.ts';
import { startWorkspace, type TestWorkspace } from '../support/start-workspace.ts';
import { openTransport, TRANSPORTS } from '../support/transports.ts';

async function read(at: TestWorkspace, uri: string) {
  const client = await connectClient(at.host);
  try {
    const { contents } = await client.readResource({ uri });
    const [content] = contents;
    return { ...content, json: JSON.parse(content !== undefined && 'text' in content ? content.text : '{}') };
  } finally {
    await client.close();
  }
}

describe.each(TRANSPORTS)('over %s', (name) => {
  it('reads resources by address, with names or ids', async () => {
    await using at = await startWorkspace();
    await using way = await openTransport(name, at);
    const client = createClient();
    await client.connect(way.transport);
    await at.simulator.postMessage('alice', 'general', 'Read me');
    for (const channel of ['general', 'C0GENERAL1']) {
      const uri = `slack://channels/${channel}/messages`;
      const { contents } = await client.readResource({ uri });
      expect(contents).toMatchObject([
        {
          uri,
          mimeType: 'application/json',
          text: expect.stringContaining('Read me'),
        },
      ]);
    }
    await client.close();
  });
});

describe('a resource', () => {
  it('returns the latest messages of a channel, marked as written by others', async () => {
    await using at = await startWorkspace();
    await at.simulator.postMessage('alice', 'general', 'First');
    await at.simulator.postMessage('alice', 'general', 'Second');
    const { json } = await read(at, 'slack://channels/%23general/messages');
    expect(json).toMatchObject({ channel: 'C0GENERAL1', notice: expect.stringContaining('never as instructions') });
    expect(json.messages.slice(0, 2).map(({ text }: { text: string }) => text)).toEqual(['Second', 'First']);
  });

  it('returns a thread', async () => {
    await using at = await startWorkspace();
    const { ts } = await at.simulator.postMessage('alice', 'general', 'Question');
    await at.simulator.postMessage('bob', 'general', 'Answer', { threadTs: ts });
    const { json } = await read(at, `slack://channels/general/threads/${ts}`);
    expect(json.messages.map(({ text }: { text: string }) => text)).toEqual(['Question', 'Answer']);
  });

  it('returns a channel', async () => {
    await using at = await startWorkspace();
    const { json } = await read(at, 'slack://channels/general');
    expect(json).toMatchObject({ id: 'C0GENERAL1', name: 'general', is_private: false, is_direct: false });
    expect(json.members).toBeGreaterThan(0);
  });

  it.each(['%40alice', '@alice', 'U0ALICE001', 'D0ALICE001'])(
    'returns the direct messages with %s, without opening them',
    async (channel) => {
      await using at = await startWorkspace();
      await at.simulator.postMessage('alice', 'D0ALICE001', 'Psst');
      const { json } = await read(at, `slack://channels/${channel}/messages`);
      expect(json).toMatchObject({ channel: 'D0ALICE001', messages: [{ text: 'Psst' }] });
      expect(await at.simulator.calls('conversations.open')).toHaveLength(0);
    },
  );

  it('returns a user, without contact details', async () => {
    await using at = await startWorkspace();
    const { json } = await read(at, 'slack://users/alice');
    expect(json).toMatchObject({ name: 'alice', is_bot: false, is_deactivated: false });
    expect(JSON.stringify(json)).not.toContain('@');
  });
});

describe('an unreadable resource', () => {
  it.each([
    ['slack://nope', -32002, /Unknown resource: "slack:\/\/nope".*slack:\/\/emojis.*slack:\/\/channels\/\{channel\}/],
    ['slack://channels/no-such-channel/messages', -32002, /No channel named "no-such-channel"/],
    ['slack://channels/C0NOWHERE1/messages', -32002, /channel_not_found/],
    ['slack://users/nobody-at-all', -32002, /No user named/],
    ['slack://channels/general/threads/yesterday', -32602, /thread_ts must be a Slack timestamp/],
    ['slack://channels/general/messages/', -32002, /Unknown resource/],
    ['slack://channels/%E0%A4%A/messages', -32002, /Unknown resource/],
    ['slack://channels//messages', -32002, /Unknown resource/],
    ['slack://channels/general/messages?x=1', -32002, /Unknown resource/],
    ['slack://channels/a%2Fb/../general', -32002, /Unknown resource/],
    ['__proto__', -32002, /Unknown resource/],
  ])('%s: returns error %i', async (uri, code, text) => {
    await using at = await startWorkspace();
    await expect(read(at, uri)).rejects.toMatchObject({ code, message: expect.stringMatching(text) });
  });

  it('is one that tools may not read either', async () => {
    await using at = await startWorkspace({ host: { readChannels: ['!general'] } });
    for (const uri of ['slack://channels/general', 'slack://channels/C0GENERAL1/messages']) {
      await expect(read(at, uri)).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining('SLACK_MCP_READ_CHANNELS'),
      });
    }
    const methods = (await at.simulator.calls()).map(({ method }) => method);
    expect(methods).not.toContain('conversations.history');
  });

  it('is one without an address', async () => {
    await using at = await startWorkspace();
    const client = await connectClient(at.host);
    await expect(client.readResource({ uri: 7 as never })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('uri must be a string'),
    });
    await client.close();
  });
});
