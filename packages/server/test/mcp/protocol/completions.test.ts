import { type ChannelSeed, SIMULATOR_IDS } from '@slack-mcp/simulator';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openHost } from '../../support/open-host.ts';
import { connectClient, createClient } from '../support/connect-client.ts';
import { startWorkspace, type TestWorkspace } from '../support/start-workspace.ts';
import { openTransport, TRANSPORTS } from '../support/transports.ts';

const READ = { type: 'ref/prompt', name: 'slack_read_channel_messages_usage' } as const;
const POST = { type: 'ref/prompt', name: 'slack_post_message_usage' } as const;
const MESSAGES = { type: 'ref/resource', uri: 'slack://channels/{channel}/messages' } as const;
const PATIENCE = { timeout: 30_000 };
const USER = { type: 'ref/resource', uri: 'slack://users/{user}' } as const;

function channelsNamed(names: readonly string[]): ChannelSeed[] {
  return names.map((name, index) => ({ id: `C0${1000 + index}`, name, members: [SIMULATOR_IDS.botUser] }));
}

async function complete(
  at: TestWorkspace,
  ref: typeof READ | typeof POST | typeof MESSAGES | typeof USER | { type: 'ref/prompt'; name: string },
  name: string,
  value: string,
) {
  const client = await connectClient(at.host);
  const { completion } = await client.complete({ ref, argument: { name, value } });
  await client.close();
  return completion;
}

/** Asks until there is a suggestion: when Slack is slow, names are suggested later. */
function suggested(...request: Parameters<typeof complete>) {
  return vi.waitUntil(async () => {
    const completion = await complete(...request);
    return completion.values.length > 0 && completion;
  }, PATIENCE);
}

describe.each(TRANSPORTS)('over %s', (name) => {
  it('completes channels by name', async () => {
    await using at = await startWorkspace();
    await using way = await openTransport(name, at);
    const client = createClient();
    await client.connect(way.transport);
    const suggested = async () =>
      (await client.complete({ ref: READ, argument: { name: 'channel', value: 'gen' } })).completion;
    // When Slack is slow, names are suggested later.
    await expect.poll(suggested, PATIENCE).toMatchObject({ values: ['general'], hasMore: false });
    await client.close();
  });
});

describe('a suggestion', () => {
  it('begins with or contains the typed text, in this order', async () => {
    const channels = channelsNamed(['ops', 'devops', 'ops-alerts']);
    await using at = await startWorkspace({ simulator: { seed: { channels } } });
    expect((await suggested(at, READ, 'channel', '#OPS')).values).toEqual(['ops', 'ops-alerts', 'devops']);
  });

  it('also exists for the variables of resources, users and emoji', async () => {
    await using at = await startWorkspace();
    expect((await suggested(at, MESSAGES, 'channel', 'rand')).values).toEqual(['random']);
    expect((await suggested(at, USER, 'user', 'ali')).values).toContain('alice');
    const emoji = { type: 'ref/prompt', name: 'slack_read_emojis_usage' } as const;
    expect((await suggested(at, emoji, 'query', 'party')).values).toEqual(['partyparrot']);
  });

  it('is limited to a hundred values, and reports that there are more', async () => {
    const channels = channelsNamed(Array.from({ length: 150 }, (_, index) => `team-${index}`));
    await using at = await startWorkspace({ simulator: { seed: { channels } } });
    const { values, hasMore } = await suggested(at, READ, 'channel', 'team');
    expect(values).toHaveLength(100);
    expect(hasMore).toBe(true);
  });

  it('contains nothing that the caller may not use', async () => {
    await using at = await startWorkspace({ host: { readChannels: ['!general'], writeChannels: ['random'] } });
    expect((await suggested(at, READ, 'channel', '')).values).not.toContain('general');
    expect((await suggested(at, READ, 'channel', '')).values).toContain('leads');
    expect((await complete(at, MESSAGES, 'channel', 'gen')).values).toEqual([]);
    expect((await suggested(at, POST, 'channel', '')).values).toEqual(['random']);
  });

  it('contains nothing shared with others if that is denied', async () => {
    await using at = await startWorkspace({ host: { externalChannels: 'read' } });
    const [read, post] = [await suggested(at, READ, 'channel', ''), await suggested(at, POST, 'channel', '')];
    const shared = read.values.filter((name) => !post.values.includes(name));
    expect(shared).toEqual([expect.stringContaining('partner')]);
  });

  it('is empty for arguments that are not names', async () => {
    await using at = await startWorkspace();
    const ref = { type: 'ref/prompt', name: 'slack_read_thread_messages_usage' } as const;
    expect((await complete(at, ref, 'thread_ts', '17')).values).toEqual([]);
    expect((await complete(at, ref, 'constructor', '')).values).toEqual([]);
  });

  it('waits for Slack for half a second at most', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const slack = { call: () => new Promise<never>(() => {}) };
    const client = await connectClient(openHost({ slack, logger: capturedLog(), version: '1.2.3' }));
    let answered = false;
    const completing = client.complete({ ref: READ, argument: { name: 'channel', value: '' } }).finally(() => {
      answered = true;
    });
    await vi.advanceTimersByTimeAsync(499);
    expect(answered).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await completing).completion.values).toEqual([]);
    await client.close();
  });

  it('is a protocol error for an unknown prompt or template', async () => {
    await using at = await startWorkspace();
    await expect(complete(at, { type: 'ref/prompt', name: 'nope' }, 'channel', '')).rejects.toMatchObject({
      code: -32602,
    });
    await expect(
      complete(at, { type: 'ref/resource', uri: 'slack://nope/{channel}' } as never, 'channel', ''),
    ).rejects.toMatchObject({ code: -32602 });
  });
});
