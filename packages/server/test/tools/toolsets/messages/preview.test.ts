import { describe, expect, it } from 'vitest';
import { startWorkspace } from '../../../mcp/support/start-workspace.ts';
import { failure, output } from '../../support/results.ts';

const GENERAL = 'C0GENERAL1';
const THREAD = '1700000000.000100';

const start = (host: object = {}) => startWorkspace({ host: { toolsets: ['editing'], ...host } });
const TEXT = { text: 'Ready for <!channel>' };

describe.each([
  ['slack_post_message', TEXT],
  ['slack_thread_reply', { thread_ts: THREAD, texts: [TEXT.text] }],
  ['slack_edit_message', { timestamp: THREAD, ...TEXT }],
])('a preview of %s', (tool, args) => {
  it('shows what Slack would receive, with notices, and changes nothing', async () => {
    await using at = await start();
    const before = await at.simulator.state();
    const result = output(await at.host.callTool(tool, { ...args, channel: '#general', preview: 'true' }));
    expect(result).toMatchObject({ channel: GENERAL, would_post: ['Ready for @channel'] });
    expect(result['notice']).toContain('SLACK_MCP_ALLOW_BROADCAST');
    expect(result).not.toHaveProperty('ts');
    expect(await at.simulator.state()).toEqual(before);
    const called = (await at.simulator.calls()).map(({ method }) => method);
    expect(called.filter((method) => method.startsWith('chat.'))).toEqual([]);
  });

  it('is refused in a channel that is denied or unknown', async () => {
    await using at = await start({ writeChannels: ['!general'] });
    const call = (channel: string) => at.host.callTool(tool, { ...args, channel, preview: true });
    expect(failure(await call(GENERAL)).code).toBe('not_allowed');
    expect(failure(await call('genral')).code).toBe('unknown_channel');
  });
});

describe('a preview', () => {
  it('shows the messages of a long text', async () => {
    await using at = await start();
    const text = `${'a'.repeat(3_000)}\n\n${'b'.repeat(3_000)}`;
    const args = { channel: GENERAL, text, preview: true };
    const shown = output(await at.host.callTool('slack_post_message', args))['would_post'];
    const posted = output(await at.host.callTool('slack_post_message', { ...args, preview: false }))['all_ts'];
    const messages = (await at.simulator.messages(GENERAL)).filter(({ ts }) => posted.includes(ts));
    expect(shown).toEqual(messages.map((message) => message.text));
    const refused = failure(await at.host.callTool('slack_post_message', { ...args, if_long: 'refuse' }));
    expect(refused.text).toContain('at most 4000');
  });

  it('does not use its idempotency key', async () => {
    await using at = await start();
    const args = { channel: GENERAL, text: 'Hello', idempotency_key: 'k' };
    output(await at.host.callTool('slack_post_message', { ...args, text: 'Draft', preview: true }));
    const { ts } = output(await at.host.callTool('slack_post_message', args));
    expect((await at.simulator.messages(GENERAL)).at(-1)).toMatchObject({ ts, text: 'Hello' });
  });

  it('says where it was cut', async () => {
    await using at = await start();
    const texts = Array.from({ length: 20 }, () => 'x'.repeat(4_000));
    const result = await at.host.callTool('slack_thread_reply', {
      channel: GENERAL,
      thread_ts: THREAD,
      texts,
      preview: true,
    });
    expect(output(result)['truncated']).toMatch(/of 20 messages/);
    expect(result.content[0]?.text.length).toBeLessThan(50_000);
  });

  it('is not an argument of a tool that posts nothing', async () => {
    await using at = await start();
    const args = { channel: GENERAL, timestamp: THREAD, preview: true };
    expect(failure(await at.host.callTool('slack_delete_message', args)).text).toContain('preview');
    expect(await at.simulator.calls()).toEqual([]);
  });
});
