import { createSlackPort } from '@slack-mcp/slack';
import { describe, expect, it } from 'vitest';
import type { ToolResult } from '../../../../src/tools/tool-result.ts';
import { startWorkspace, type TestWorkspace, TOKEN } from '../../../mcp/support/start-workspace.ts';
import { openHost } from '../../../support/open-host.ts';

const GENERAL = 'C0GENERAL1';

// biome-ignore lint/suspicious/noExplicitAny: the outputs of several tools, checked by content
type Output = Record<string, any>;

function output(result: ToolResult): Output {
  expect(result.isError, result.content[0]?.text).toBeUndefined();
  return result.structuredContent ?? {};
}

function failure(result: ToolResult): { text: string; output: Output } {
  expect(result.isError).toBe(true);
  return { text: result.content[0]?.text ?? '', output: result.structuredContent ?? {} };
}

const texts = async (at: TestWorkspace): Promise<string[]> =>
  (await at.simulator.messages(GENERAL)).map(({ text }) => text);

describe('a reply to a thread that does not exist', () => {
  it('is reported as a message in the channel, and the replies after it are not posted', async () => {
    await using at = await startWorkspace();
    const { ts } = await at.simulator.postMessage('alice', 'general', 'soon gone');
    await at.simulator.deleteMessage('general', ts);
    const replies = { channel: GENERAL, thread_ts: ts, texts: ['One', 'Two'] };
    const failed = failure(await at.host.callTool('slack_thread_reply', replies));
    expect(failed.text).toMatch(/the thread is gone: Slack posted reply 0 to the channel/);
    const last = (await at.simulator.messages(GENERAL)).at(-1);
    expect(last).toMatchObject({ text: 'One' });
    expect(failed.output).toMatchObject({ posted: [], not_posted: [1], in_channel: last?.ts });
  });

  it('is deleted with take_back', async () => {
    await using at = await startWorkspace();
    const before = await texts(at);
    const replies = { channel: GENERAL, thread_ts: '1600000000.000100', texts: ['One', 'Two'], take_back: true };
    const failed = failure(await at.host.callTool('slack_thread_reply', replies));
    expect(failed.text).toMatch(/to the channel, and the server deleted that reply/);
    expect(failed.output).toMatchObject({ posted: [], not_posted: [0, 1] });
    expect(await texts(at)).toEqual(before);
  });

  it('ends its sentences', async () => {
    await using at = await startWorkspace();
    const replies = { channel: GENERAL, thread_ts: '1600000000.000100', texts: ['One'] };
    const { text } = failure(await at.host.callTool('slack_thread_reply', replies));
    expect(text).toMatch(/not posted\. Tell the user\./);
  });

  it('is deleted once with take_back and a key, and every call reports so', async () => {
    await using at = await startWorkspace();
    const before = await texts(at);
    const replies = { channel: GENERAL, thread_ts: '1600000000.000100', texts: ['One'], take_back: true };
    for (const _call of [1, 2]) {
      const failed = failure(await at.host.callTool('slack_thread_reply', { ...replies, idempotency_key: 'k' }));
      expect(failed.text).toMatch(/the server deleted that reply/);
      expect(failed.output).toMatchObject({ posted: [], not_posted: [0] });
    }
    expect(await texts(at)).toEqual(before);
  });

  it('is reported with its ts if it cannot be deleted', async () => {
    await using at = await startWorkspace();
    await at.simulator.fail('chat.delete', 'cant_delete_message');
    const replies = { channel: GENERAL, thread_ts: '1600000000.000100', texts: ['One', 'Two'], take_back: true };
    const failed = failure(await at.host.callTool('slack_thread_reply', replies));
    const last = (await at.simulator.messages(GENERAL)).at(-1);
    expect(last).toMatchObject({ text: 'One' });
    expect(failed.text).toMatch(/did not delete that reply\..*cant_delete_message/);
    expect(failed.output).toMatchObject({ posted: [], not_posted: [1], in_channel: last?.ts });
  });

  it('sends no further part of a long text to the channel', async () => {
    await using at = await startWorkspace();
    const before = await texts(at);
    const text = `${'words '.repeat(600)}\n\n${'more '.repeat(600)}`;
    const replies = { channel: GENERAL, thread_ts: '1600000000.000100', texts: [text] };
    const failed = failure(await at.host.callTool('slack_thread_reply', replies));
    const posted = (await at.simulator.messages(GENERAL)).slice(before.length);
    expect(posted.map(({ ts }) => ts)).toEqual([failed.output['in_channel']]);
  });

  it('is sent with a ts padded to six digits if some are missing, or rejected', async () => {
    await using at = await startWorkspace();
    const before = await texts(at);
    const thread = { channel: GENERAL, texts: ['One'] };
    output(await at.host.callTool('slack_thread_reply', { ...thread, thread_ts: '1700000001.0001' }));
    expect((await at.simulator.messages(GENERAL)).at(-1)).toMatchObject({ thread_ts: '1700000001.000100' });
    failure(await at.host.callTool('slack_thread_reply', { ...thread, thread_ts: '1700000001' }));
    expect(await texts(at)).toEqual([...before, 'One']);
  });

  it('is posted as a reply if the thread exists, also by the ts of another reply', async () => {
    await using at = await startWorkspace();
    const args = { channel: GENERAL, thread_ts: '1700000003.000100', texts: ['One'] };
    expect(output(await at.host.callTool('slack_thread_reply', args)).posted).toMatchObject([{ index: 0 }]);
    expect((await at.simulator.messages(GENERAL)).at(-1)).toMatchObject({ thread_ts: '1700000001.000100' });
  });
});

describe('a text above 4,000 characters', () => {
  const long = Array.from({ length: 30 }, (_, n) => `Paragraph ${n}. ${'words '.repeat(50)}`).join('\n\n');

  it('is split at paragraphs, and the answer contains every ts', async () => {
    await using at = await startWorkspace();
    const before = (await at.simulator.messages(GENERAL)).length;
    const posted = output(await at.host.callTool('slack_post_message', { channel: GENERAL, text: long }));
    const messages = (await at.simulator.messages(GENERAL)).slice(before);
    expect(messages.length).toBeGreaterThan(2);
    expect(posted['all_ts']).toEqual(messages.map(({ ts }) => ts));
    expect(posted['ts']).toBe(messages[0]?.ts);
    for (const { text } of messages) expect(text).toMatch(/^Paragraph/);
    const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
    expect(words(messages.map(({ text }) => text).join(' '))).toEqual(words(long));
  });

  it('is rejected on request, before anything is posted', async () => {
    await using at = await startWorkspace();
    const before = await texts(at);
    const args = { channel: GENERAL, if_long: 'refuse' };
    const post = failure(await at.host.callTool('slack_post_message', { ...args, text: long }));
    expect(post.text).toMatch(/a message can have at most 4000.*Nothing was posted/s);
    const replies = { ...args, thread_ts: '1700000001.000100', texts: ['short', long] };
    failure(await at.host.callTool('slack_thread_reply', replies));
    expect(await texts(at)).toEqual(before);
  });

  it('stays one reply in a thread, with several ts', async () => {
    await using at = await startWorkspace();
    const args = { channel: GENERAL, thread_ts: '1700000001.000100', texts: ['short', long, 'last'] };
    const { posted } = output(await at.host.callTool('slack_thread_reply', args));
    expect(posted.map(({ index }: Output) => index)).toEqual([0, 1, 2]);
    expect(posted[1]['all_ts'].length).toBeGreaterThan(2);
    expect(posted[0]).not.toHaveProperty('all_ts');
  });

  it('reports which of its messages were posted when one fails', async () => {
    await using at = await startWorkspace();
    let posts = 0;
    const slack = createSlackPort({ token: TOKEN, apiUrl: at.simulator.url });
    const host = openHost({
      logger: at.log,
      version: '1.2.3',
      slack: {
        async call(method, args, options) {
          posts += 1;
          if (posts === 2) await at.simulator.fail(method, 'restricted_action');
          return slack.call(method, args, options);
        },
      },
    });
    const failed = failure(await host.callTool('slack_post_message', { channel: GENERAL, text: long }));
    const last = (await at.simulator.messages(GENERAL)).at(-1);
    expect(failed.output).toMatchObject({ ts: last?.ts, all_ts: [last?.ts] });
    expect(failed.text).toMatch(/split into \d messages, and only 1 of them.*starts with: "Paragraph/s);
  });
});

describe('reading', () => {
  it('since a time returns the newest messages since then, newest first', async () => {
    await using at = await startWorkspace();
    const { ts: oldest } = await at.simulator.postMessage('alice', 'general', 'start');
    for (let n = 1; n <= 8; n += 1) await at.simulator.postMessage('alice', 'general', `message ${n}`);
    const { messages } = output(
      await at.host.callTool('slack_read_channel_messages', { channel: GENERAL, oldest, limit: 3 }),
    );
    expect(messages.map(({ text }: Output) => text)).toEqual(['message 8', 'message 7', 'message 6']);
    const window = { channel: GENERAL, oldest, latest: messages[2]?.['ts'], limit: 3 };
    const earlier = output(await at.host.callTool('slack_read_channel_messages', window));
    expect(earlier['messages'].map(({ text }: Output) => text)).toEqual(['message 5', 'message 4', 'message 3']);
  });

  it('a thread in pages returns its first message once', async () => {
    await using at = await startWorkspace();
    const { ts } = await at.simulator.postMessage('alice', 'general', 'parent');
    for (let n = 1; n <= 5; n += 1) await at.simulator.postMessage('bob', 'general', `reply ${n}`, { threadTs: ts });
    const pages: unknown[][] = [];
    let cursor: unknown;
    do {
      const args = { channel: GENERAL, thread_ts: ts, limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const page = output(await at.host.callTool('slack_read_thread_messages', args));
      expect(page).not.toHaveProperty('truncated');
      pages.push(page.messages.map(({ text }: Output) => text));
      cursor = page['next_cursor'];
    } while (cursor !== undefined);
    expect(pages).toEqual([
      ['parent', 'reply 5'],
      ['reply 3', 'reply 4'],
      ['reply 1', 'reply 2'],
    ]);
  });

  it("a thread by a reply's ts returns the whole thread", async () => {
    await using at = await startWorkspace();
    const args = { channel: GENERAL, thread_ts: '1700000003.000100' };
    const { messages } = output(await at.host.callTool('slack_read_thread_messages', args));
    expect(messages.map(({ ts }: Output) => ts)).toEqual([
      '1700000001.000100',
      '1700000002.000100',
      '1700000003.000100',
    ]);
  });

  it('text that people typed returns it as they typed it', async () => {
    await using at = await startWorkspace();
    await at.simulator.postMessage('alice', 'general', 'R&D: a < b && c > d &lt;');
    const { messages } = output(await at.host.callTool('slack_read_channel_messages', { channel: GENERAL, limit: 1 }));
    expect(messages[0]?.['text']).toBe('R&D: a < b && c > d &lt;');
  });
});

it('posts every message of a long text once for one idempotency key', async () => {
  await using at = await startWorkspace();
  const args = { channel: GENERAL, text: 'word '.repeat(2_000).trim(), idempotency_key: 'long' };
  const first = output(await at.host.callTool('slack_post_message', args));
  const again = output(await at.host.callTool('slack_post_message', args));
  expect(first['all_ts'].length).toBeGreaterThan(1);
  expect(again).toEqual(first);
  expect(await at.simulator.calls('chat.postMessage')).toHaveLength(first['all_ts'].length);
});
