import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../../src/tools/confirm.ts';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { failure, output } from '../../support/results.ts';

const GENERAL = 'C0GENERAL1';
const OF_ALICE = '1700000000.000100';

const start = (host: object = {}) => startWorkspace({ host: { toolsets: ['editing'], ...host } });

async function post(at: TestWorkspace, text = 'First'): Promise<string> {
  return output(await at.host.callTool('slack_post_message', { channel: GENERAL, text }))['ts'];
}

const edit = (at: TestWorkspace, timestamp: string, text = 'Second') =>
  at.host.callTool('slack_edit_message', { channel: 'general', timestamp, text });

describe('slack_edit_message', () => {
  it('replaces the text', async () => {
    await using at = await start();
    const ts = await post(at);
    expect(output(await edit(at, ts))).toEqual({ channel: GENERAL, ts });
    expect((await at.simulator.messages(GENERAL)).at(-1)).toMatchObject({ ts, text: 'Second', edited: {} });
  });

  it('finds the message by its link', async () => {
    await using at = await start();
    const ts = await post(at);
    const link = `https://simulator.slack.com/archives/${GENERAL}/p${ts.replace('.', '')}`;
    const args = { timestamp: link, text: 'Second' };
    expect(output(await at.host.callTool('slack_edit_message', args))).toEqual({ channel: GENERAL, ts });
  });

  it('keeps mentions of a whole channel from notifying, and says so', async () => {
    await using at = await start();
    const ts = await post(at);
    expect(output(await edit(at, ts, '<!here> news'))['notice']).toContain('SLACK_MCP_ALLOW_BROADCAST');
    expect((await at.simulator.messages(GENERAL)).at(-1)?.text).toBe('@\u2060here news');
  });

  it('says that a message of someone else cannot be edited', async () => {
    await using at = await start();
    const failed = failure(await edit(at, OF_ALICE));
    expect(failed).toMatchObject({ code: 'slack_error', details: { slack_error: 'cant_update_message' } });
    expect(failed.text).toContain('only messages that the bot posted');
  });

  it('refuses a text that is too long without a call to Slack', async () => {
    await using at = await start();
    expect(failure(await edit(at, OF_ALICE, 'x'.repeat(4_001)))).toMatchObject({ code: 'invalid_arguments' });
    expect(await at.simulator.calls()).toEqual([]);
  });

  it('repeats the call when the answer is lost, because it has the same effect', async () => {
    await using at = await start();
    const ts = await post(at);
    await at.simulator.fail('chat.update', 503);
    output(await edit(at, ts));
    expect(await at.simulator.calls('chat.update')).toHaveLength(2);
  });
});

describe('slack_delete_message', () => {
  const remove = (at: TestWorkspace, timestamp: string, ask?: (question: string) => Promise<Answer>) =>
    at.host.callTool('slack_delete_message', { channel: GENERAL, timestamp }, { ask });

  it('deletes at once if the client cannot ask', async () => {
    await using at = await start();
    const ts = await post(at);
    expect(output(await remove(at, ts))).toEqual({ channel: GENERAL, ts });
    expect((await at.simulator.messages(GENERAL)).map((message) => message.ts)).not.toContain(ts);
    expect(await at.simulator.calls('chat.getPermalink')).toEqual([]);
  });

  it('shows the person the link to the message, and deletes it if the person accepts', async () => {
    await using at = await start();
    const ts = await post(at);
    const asked: string[] = [];
    const ask = async (question: string): Promise<Answer> => {
      asked.push(question);
      expect((await at.simulator.messages(GENERAL)).map((message) => message.ts)).toContain(ts);
      return 'accepted';
    };
    output(await remove(at, ts, ask));
    expect(asked).toEqual([expect.stringContaining(`/archives/${GENERAL}/p${ts.replace('.', '')}`)]);
    expect((await at.simulator.messages(GENERAL)).map((message) => message.ts)).not.toContain(ts);
  });

  it.each(['declined', 'unanswered'] as const)('deletes nothing if the question is %s', async (answer) => {
    await using at = await start();
    const ts = await post(at);
    const failed = failure(await remove(at, ts, async () => answer));
    expect(failed.code).toBe(answer);
    expect(failed.text).toContain('nothing was changed');
    expect(await at.simulator.calls('chat.delete')).toEqual([]);
  });

  it('does not ask about a message that does not exist, or in a channel that is denied', async () => {
    await using at = await start({ writeChannels: ['!random'] });
    const ask = async (): Promise<Answer> => expect.unreachable();
    expect(failure(await remove(at, '1600000000.000100', ask)).details).toMatchObject({
      slack_error: 'message_not_found',
    });
    const denied = { channel: 'random', timestamp: OF_ALICE };
    expect(failure(await at.host.callTool('slack_delete_message', denied, { ask })).code).toBe('not_allowed');
    expect(await at.simulator.calls('chat.delete')).toEqual([]);
  });

  it('says that a message of someone else cannot be deleted', async () => {
    await using at = await start();
    const failed = failure(await remove(at, OF_ALICE));
    expect(failed).toMatchObject({ code: 'slack_error', details: { slack_error: 'cant_delete_message' } });
    expect(failed.text).toContain('only messages that the bot posted');
  });

  it('does not delete again when the answer is lost', async () => {
    await using at = await start();
    const ts = await post(at);
    await at.simulator.fail('chat.delete', 500);
    expect(failure(await remove(at, ts)).code).toBe('slack_unreachable');
    expect(await at.simulator.calls('chat.delete')).toHaveLength(1);
  });
});

describe('the toolset', () => {
  it('is off by default, and removed by read-only', async () => {
    await using off = await startWorkspace();
    expect(off.host.tools.map(({ name }) => name)).not.toContain('slack_delete_message');
    await using reading = await start({ readOnly: true });
    expect(reading.host.tools.filter(({ annotations }) => !annotations.readOnlyHint)).toEqual([]);
  });
});
