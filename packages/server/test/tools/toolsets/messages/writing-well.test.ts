import { describe, expect, it } from 'vitest';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { output } from '../../support/results.ts';

const GENERAL = 'C0GENERAL1';
const TABLE = '## Result\n\n| test | time |\n|---|---|\n| a | 1 s |\n\n- **all** green';

async function post(at: TestWorkspace, text: string, args: object = {}) {
  const answer = output(await at.host.callTool('slack_post_message', { channel: GENERAL, text, ...args }));
  return { answer, message: (await at.simulator.messages(GENERAL)).at(-1) };
}

describe('Markdown', () => {
  it('is posted as a block that Slack renders, with a text for notifications', async () => {
    await using at = await startWorkspace();
    const { message } = await post(at, TABLE);
    expect(message?.blocks).toEqual([{ type: 'markdown', text: TABLE }]);
    expect(message?.text).toBe('*Result*\n\n| test | time |\n|---|---|\n| a | 1 s |\n\n• *all* green');
  });

  it('is not assumed in a text with the markup of Slack', async () => {
    await using at = await startWorkspace();
    const { message } = await post(at, '*bold* <https://example.com|docs>');
    expect(message).toMatchObject({ text: '*bold* <https://example.com|docs>', blocks: [{ type: 'rich_text' }] });
  });

  it('is sent when a message is edited, and its block is removed by a plain text', async () => {
    await using at = await startWorkspace({ host: { toolsets: ['editing'] } });
    const { answer } = await post(at, TABLE);
    const args = { channel: GENERAL, timestamp: answer['ts'] };
    output(await at.host.callTool('slack_edit_message', { ...args, text: '# Done' }));
    expect((await at.simulator.messages(GENERAL)).at(-1)?.blocks).toEqual([{ type: 'markdown', text: '# Done' }]);
    output(await at.host.callTool('slack_edit_message', { ...args, text: 'Done' }));
    expect((await at.simulator.messages(GENERAL)).at(-1)).toMatchObject({
      text: 'Done',
      blocks: [{ type: 'rich_text' }],
    });
  });

  it('is previewed as it would be posted', async () => {
    await using at = await startWorkspace();
    const args = { channel: GENERAL, text: `${TABLE} @channel`, preview: true };
    const shown = output(await at.host.callTool('slack_post_message', args))['would_post'];
    const { message } = await post(at, `${TABLE} @channel`);
    const [block] = (message?.blocks ?? []) as unknown as { text: string }[];
    // Answers contain no invisible characters.
    expect(shown).toEqual([block?.text.replace('\u2060', '')]);
  });

  it('notifies no channel, not even in what looks like code', async () => {
    await using at = await startWorkspace();
    const { message } = await post(at, '**Hi** <!channel> \\`<!here>\\` `@everyone`');
    expect(JSON.stringify(message)).not.toMatch(/<!|@everyone/);
  });

  it('has a style for all parts of a long text', async () => {
    await using at = await startWorkspace();
    const { answer } = await post(at, `**Start**\n\n${'Some words. '.repeat(500)}\n\nThe *end*.`);
    const parts = (await at.simulator.messages(GENERAL)).filter(({ ts }) => answer['all_ts'].includes(ts));
    expect(parts.length).toBeGreaterThan(1);
    for (const { blocks } of parts) expect(blocks).toMatchObject([{ type: 'markdown' }]);
  });
});

describe('a name in a text', () => {
  it('mentions the person with this name', async () => {
    await using at = await startWorkspace();
    const { answer, message } = await post(at, 'Ask @alice, please. Or @bob.');
    expect(message?.text).toBe('Ask <@U0ALICE001>, please. Or <@U0BOB00001>.');
    expect(answer).not.toHaveProperty('notice');
  });

  it.each(['`@alice`', '```@alice```', 'alice@alice.example', '@alice/package', '<mailto:x@alice.example|@alice>'])(
    'mentions no one in %s',
    async (text) => {
      await using at = await startWorkspace();
      expect((await post(at, text)).message?.text).toBe(text);
    },
  );

  it('stays a word if Slack does not return the names', async () => {
    await using at = await startWorkspace();
    await at.simulator.fail('users.list', 'missing_scope', { times: 10 });
    const { answer, message } = await post(at, 'Ask @alice');
    expect(message?.text).toBe('Ask @alice');
    expect(answer['notice']).toContain('Plain names mention no one');
  });

  it('is a mention in the replies of a thread', async () => {
    await using at = await startWorkspace();
    const args = { channel: GENERAL, thread_ts: '1700000000.000100', texts: ['Hi @bob', '**Hi** @bob'] };
    output(await at.host.callTool('slack_thread_reply', args));
    const texts = (await at.simulator.messages(GENERAL)).slice(-2).map((message) => message.text);
    expect(texts).toEqual(['Hi <@U0BOB00001>', '*Hi* <@U0BOB00001>']);
  });
});
