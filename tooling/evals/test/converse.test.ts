import { describe, expect, it } from 'vitest';
import { askCommand } from '../src/ask-command.ts';
import { converse, readAnswer } from '../src/converse.ts';
import { openFixture } from '../src/fixture/open-fixture.ts';
import { listedTools } from '../src/listed-tools.ts';
import type { Shape } from '../src/prompt.ts';

const list = listedTools(['all']);

/** Answers in turn, and keeps the prompts. */
function scripted(...answers: readonly object[]) {
  const prompts: string[] = [];
  const ask = async (prompt: string): Promise<string> => {
    prompts.push(prompt);
    return `Here: ${JSON.stringify(answers[prompts.length - 1] ?? { calls: [] })}`;
  };
  return { ask, prompts };
}

async function hold(shape: Shape, ...answers: readonly object[]) {
  await using fixture = await openFixture();
  const { ask, prompts } = scripted(...answers);
  const calls = await converse('Find #incidents', { ask, tools: fixture.tools, list, shape, now: new Date(0) });
  return { calls, prompts };
}

describe('a conversation', () => {
  it('makes the calls, shows their results and ends without a call', async () => {
    const find = { tool: 'slack_find', arguments: { query: 'incidents' } };
    const read = { tool: 'slack_read_channel_messages', arguments: { channel: 'incidents' } };
    const { calls, prompts } = await hold('descriptions', { calls: [find] }, { calls: [read] });
    expect(calls).toEqual([find, read]);
    expect(prompts).toHaveLength(3);
    expect(prompts[0]).toContain('"name":"slack_find","description":"Find Slack channels');
    expect(prompts[0]).toContain('It is 1970-01-01T00:00:00Z');
    expect(prompts[1]).toMatch(/# Result of slack_find\n\n[\s\S]*C0INCIDENT/);
    expect(prompts[2]).toContain('Checkout is back to normal.');
  });

  it('shows names and instructions alone at first, and loads descriptions on request', async () => {
    const { calls, prompts } = await hold('names', { load: ['slack_find', 'slack_fly'] });
    expect(calls).toEqual([]);
    expect(prompts[0]).toContain('- slack_find\n');
    expect(prompts[0]).toContain(list.instructions);
    expect(prompts[0]).not.toContain('inputSchema');
    expect(prompts[1]).toContain('"name":"slack_find","description"');
    expect(prompts[1]).toContain('There is no tool slack_fly.');
  });

  it('shows the error of a tool that does not exist', async () => {
    const { calls, prompts } = await hold('descriptions', { calls: [{ tool: 'slack_fly' }] });
    expect(calls).toEqual([{ tool: 'slack_fly', arguments: {} }]);
    expect(prompts[1]).toContain('slack_fly');
  });

  it('ends after eight answers', async () => {
    const again = { calls: [{ tool: 'slack_find', arguments: { query: 'x' } }] };
    const { prompts } = await hold('descriptions', ...Array.from({ length: 20 }, () => again));
    expect(prompts).toHaveLength(8);
  });

  it.each(['', 'No.', '{"calls": 7}', '{"calls": [null, 7, {"tool": 1}]}', '{broken'])(
    'reads %j as no call',
    (text) => {
      expect(readAnswer(text)).toEqual({ calls: [], load: [] });
    },
  );
});

describe('a command', () => {
  it('reads the prompt on stdin and answers on stdout', async () => {
    expect(await askCommand('tr a-z A-Z')('a prompt')).toBe('A PROMPT');
    expect(await askCommand('echo done')('x'.repeat(1_000_000))).toBe('done\n');
  });

  it('that fails says why', async () => {
    await expect(askCommand('echo no key >&2; exit 3')('x')).rejects.toThrow('The command ended with 3: no key');
  });
});
