import { createSlackPort, SlackApiError, type SlackPort } from '@slack-mcp/slack';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startWorkspace, TOKEN } from '../mcp/support/start-workspace.ts';
import { openHost } from '../support/open-host.ts';

const GENERAL = 'C0GENERAL1';
const POST = { channel: GENERAL, text: 'Hello' };

function toolsOver(slack: SlackPort) {
  const log = capturedLog();
  const host = openHost({ slack, logger: log, version: '1' });
  onTestFinished(() => host.close());
  return { host, log };
}

/** A Slack that refuses every post with these problems. */
function refusing(messages: readonly string[]) {
  return toolsOver({
    call: (method) => Promise.reject(new SlackApiError(method, 'invalid_blocks', { messages })),
  });
}

describe("Slack's problems with the arguments of a call", () => {
  it('reach the caller of a tool that sends an invalid block', async () => {
    await using at = await startWorkspace();
    const port = createSlackPort({ token: TOKEN, apiUrl: at.simulator.url });
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }];
    const { host } = toolsOver({
      call: (method, args, options) =>
        port.call(method, method === 'chat.postMessage' ? { ...args, blocks } : args, options),
    });
    const failed = await host.callTool('slack_post_message', POST);
    expect(failed.isError).toBe(true);
    expect(failed.content[0]?.text).toMatch(
      /invalid_blocks.*must be less than 3001 characters \[json-pointer:\/blocks\/0\/text\/text\]/s,
    );
  });

  it('also when the tool has done a part of its work', async () => {
    const { host } = refusing(['[ERROR] no more than 50 items']);
    const args = { channel: GENERAL, thread_ts: '1700000000.000100', texts: ['One', 'Two'] };
    const failed = await host.callTool('slack_thread_reply', args);
    expect(failed.content[0]?.text).toContain('Slack reports these problems: [ERROR] no more than 50 items');
  });

  it('are not in the log', async () => {
    const { host, log } = refusing(['[ERROR] private text']);
    const failed = await host.callTool('slack_post_message', POST);
    expect(failed.content[0]?.text).toContain('private text');
    expect(log.text()).not.toContain('private text');
  });

  it('are limited', async () => {
    const { host } = refusing(Array.from({ length: 1_000 }, () => 'x'.repeat(1_000)));
    const failed = await host.callTool('slack_post_message', POST);
    expect(failed.content[0]?.text.length).toBeLessThan(4_000);
  });

  it('are not mentioned if Slack names no problem', async () => {
    const { host } = refusing([]);
    const failed = await host.callTool('slack_post_message', POST);
    expect(failed.content[0]?.text).not.toContain('Slack reports these problems');
  });
});
