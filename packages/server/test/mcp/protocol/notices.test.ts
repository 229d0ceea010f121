import { LoggingMessageNotificationSchema, type Progress } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { type Notice, openNotices } from '../../../src/mcp/protocol/call-notices.ts';
import { createClient } from '../support/connect-client.ts';
import { startWorkspace, TOKEN } from '../support/start-workspace.ts';
import { openTransport, TRANSPORTS } from '../support/transports.ts';

const REPLIES = {
  name: 'slack_thread_reply',
  arguments: { channel: 'general', thread_ts: '1700000000.000100', texts: ['One', 'Two', 'Three'] },
};

describe.each(TRANSPORTS)('over %s', (name) => {
  it('sends the progress of a call to a client that requests it', async () => {
    await using at = await startWorkspace();
    await using way = await openTransport(name, at);
    const client = createClient();
    await client.connect(way.transport);
    const { ts } = await at.simulator.postMessage('alice', 'general', 'A thread');
    const call = { ...REPLIES, arguments: { ...REPLIES.arguments, thread_ts: ts } };
    const heard: Progress[] = [];
    const result = await client.callTool(call, undefined, { onprogress: (progress) => heard.push(progress) });
    expect(result.isError, JSON.stringify(result)).toBeFalsy();
    expect(heard).toEqual([0, 1, 2].map((progress) => ({ progress, total: 3 })));
    await client.close();
  });

  it('logs what a call waits for, from the level that the client requests', async () => {
    await using at = await startWorkspace();
    await using way = await openTransport(name, at);
    const client = createClient();
    const heard: object[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void heard.push(params));
    await client.connect(way.transport);
    const read = async () => {
      await at.simulator.limit('conversations.history', { retryAfterS: 1, times: 1 });
      const call = { name: 'slack_read_channel_messages', arguments: { channel: 'C0GENERAL1' } };
      expect((await client.callTool(call)).isError).toBeFalsy();
    };
    await read();
    expect(heard).toEqual([]);
    await client.setLoggingLevel('info');
    await read();
    const data = { event: 'slack_waiting', method: 'conversations.history', reason: 'rate_limited', seconds: 1 };
    expect(heard).toEqual([{ level: 'info', logger: 'slack-mcp', data }]);
    await client.close();
  });

  it('logs why a call failed to a client that requests warnings, without texts or tokens', async () => {
    await using at = await startWorkspace();
    await using way = await openTransport(name, at);
    const client = createClient();
    const heard: object[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void heard.push(params));
    await client.connect(way.transport);
    await client.setLoggingLevel('warning');
    await at.simulator.fail('chat.postMessage', 'is_archived');
    const args = { channel: 'C0GENERAL1', text: 'A private text' };
    expect((await client.callTool({ name: 'slack_post_message', arguments: args })).isError).toBe(true);
    expect(heard).toEqual([
      {
        level: 'warning',
        logger: 'slack-mcp',
        data: { event: 'tool_failed', tool: 'slack_post_message', code: 'slack_error' },
      },
    ]);
    for (const secret of [TOKEN, args.text]) expect(JSON.stringify(heard)).not.toContain(secret);
    await client.close();
  });

  it('rejects an unknown level', async () => {
    await using at = await startWorkspace();
    await using way = await openTransport(name, at);
    const client = createClient();
    await client.connect(way.transport);
    await expect(client.setLoggingLevel('loud' as never)).rejects.toThrow(/level must be one of debug, info/);
    await client.close();
  });
});

describe('the progress of a call', () => {
  function open(given: Partial<Parameters<typeof openNotices>[0]> = {}) {
    const sent: Notice[] = [];
    const send = async (notice: Notice) => void sent.push(notice);
    return { sent, notices: openNotices({ send, progressToken: 7, logLevel: 'info', ...given }) };
  }

  it('only increases', () => {
    const { sent, notices } = open();
    for (const done of [1, 1, 0, 3, 2]) notices.progress(done, 4);
    expect(sent.map(({ params }) => 'progress' in params && params.progress)).toEqual([1, 3]);
  });

  it('stops when the call ends', () => {
    const { sent, notices } = open();
    notices.end();
    notices.progress(1);
    notices.log('error', 'late');
    expect(sent).toEqual([]);
  });

  it('is not sent unless requested', () => {
    const { sent, notices } = open({ progressToken: undefined, logLevel: undefined });
    notices.progress(1);
    notices.log('emergency', 'unwanted');
    expect(sent).toEqual([]);
  });

  it('does not fail the call when the client has disconnected', async () => {
    const { notices } = open({ send: () => Promise.reject(new Error('gone')) });
    notices.progress(1);
    notices.log('error', 'unheard');
    await new Promise((resolve) => setImmediate(resolve));
  });
});
