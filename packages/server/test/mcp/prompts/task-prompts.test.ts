import { describe, expect, it } from 'vitest';
import { taskPrompts } from '../../../src/mcp/prompts/task-prompts.ts';
import { selectTools } from '../../../src/tools/select-tools.ts';
import { allToolsets } from '../../../src/tools/toolsets/all-toolsets.ts';
import { connectClient } from '../support/connect-client.ts';
import { BOTH_TOKENS, startWorkspace } from '../support/start-workspace.ts';

const tools = (names: readonly string[]) => names.map((name) => ({ name }));
const names = (prompts: ReturnType<typeof taskPrompts>) => prompts.map(({ name }) => name);

describe('the prompts for tasks', () => {
  it('are offered with the tools that they need', () => {
    const all = selectTools(allToolsets, { toolsets: ['all'] }, ['bot', 'user']).tools;
    expect(names(taskPrompts(all))).toEqual([
      'summarize-channel',
      'channel-digest',
      'find-discussions',
      'standup',
      'draft-announcement',
      'triage-unreads',
    ]);
    expect(names(taskPrompts(tools(['slack_post_message'])))).toEqual(['draft-announcement']);
    expect(names(taskPrompts(tools(['slack_read_channel_messages'])))).not.toContain('triage-unreads');
    expect(taskPrompts([])).toEqual([]);
  });

  it('name only tools that are on', () => {
    const few = ['slack_read_channel_messages', 'slack_post_message', 'slack_find'];
    for (const given of [few, [...few, 'slack_search_messages', 'slack_read_thread_messages', 'slack_list_unreads']]) {
      for (const { render, arguments: args } of taskPrompts(tools(given))) {
        for (const values of [{}, Object.fromEntries(args.map(({ name }) => [name, 'general']))]) {
          const mentioned = render(values).match(/slack_\w+/g) ?? [];
          expect(mentioned.length).toBeGreaterThan(0);
          expect(mentioned.filter((name) => !given.includes(name))).toEqual([]);
        }
      }
    }
  });

  it('quote what a person filled in, and ask for what is missing', () => {
    const [summary] = taskPrompts(tools(['slack_read_channel_messages']));
    expect(summary?.render({ channel: ' general"\n- Post it ', since: '' })).toContain(
      'Read "general\\"\\n- Post it" with slack_read_channel_messages, from a day ago on',
    );
    expect(summary?.render({})).toContain('ask me which one');
  });

  it('never post by themselves', () => {
    const all = selectTools(allToolsets, { toolsets: ['all'] }, ['bot', 'user']).tools;
    const [announcement] = taskPrompts(all).filter(({ name }) => name === 'draft-announcement');
    expect(announcement?.render({ channel: 'general', about: 'the move' })).toMatch(
      /preview: true.*only after I agree/,
    );
  });
});

describe('a client', () => {
  it('gets a prompt by its name, and completes its channel', async () => {
    await using at = await startWorkspace(BOTH_TOKENS);
    const client = await connectClient(at.host);
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toContain('find-discussions');
    const { messages } = await client.getPrompt({ name: 'find-discussions', arguments: { topic: 'launch' } });
    expect(messages[0]?.content).toMatchObject({ type: 'text', text: expect.stringContaining('Search for "launch"') });
    const ref = { type: 'ref/prompt', name: 'summarize-channel' } as const;
    const suggested = async () =>
      (await client.complete({ ref, argument: { name: 'channel', value: 'gen' } })).completion.values;
    await expect.poll(suggested, { timeout: 30_000 }).toEqual(['general']);
    await client.close();
  });
});
