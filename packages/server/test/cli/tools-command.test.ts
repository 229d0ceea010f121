import { describe, expect, test } from 'vitest';
import { knownToolsets } from '../../src/tools/toolsets/known-toolsets.ts';
import { hostedCommands, runCommand } from '../support/commands.ts';
import { TOOL_NAMES } from '../support/tool-names.ts';

const runHosted = hostedCommands();
const BOT = { SLACK_BOT_TOKEN: 'xoxb-simulator' };

interface Row {
  readonly name: string;
  readonly on: boolean;
  readonly reads: boolean;
  readonly tokens: number;
  readonly scopes: readonly string[];
}

async function listed(args: string[], env: Record<string, string> = BOT): Promise<Row[]> {
  const { code, stdout, stderr } = await runHosted('slack-mcp', { args: ['tools', '--json', ...args], env });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Row[];
}

const on = (rows: readonly Row[]): readonly string[] => rows.filter((row) => row.on).map(({ name }) => name);

describe('slack-mcp tools', () => {
  test('lists every tool with its tokens and scopes, and which of them are on', async () => {
    const rows = await listed([]);
    expect(rows.map(({ name }) => name)).toEqual(knownToolsets.tools.map(({ name }) => name));
    expect(rows.filter(({ tokens }) => tokens < 50)).toEqual([]);
    expect(on(rows)).toEqual(TOOL_NAMES);
    expect(rows.find(({ name }) => name === 'slack_post_message')).toMatchObject({
      reads: false,
      scopes: ['chat:write'],
    });
  });

  test('uses the flags and variables of a server', async () => {
    expect(on(await listed(['--toolsets', 'editing', '--exclude-tools', 'slack_delete_message']))).toEqual([
      ...TOOL_NAMES,
      'slack_edit_message',
    ]);
    const reading = await listed([], { ...BOT, SLACK_MCP_READ_ONLY: 'true' });
    expect(reading.filter((row) => row.on && !row.reads)).toEqual([]);
  });

  test('prints a table with the tokens of the whole list', async () => {
    const { stdout } = await runCommand('slack-mcp', { args: ['tools'], env: BOT });
    expect(stdout).toMatch(/^slack_post_message +on +writes +messages +\d+ +chat:write$/m);
    expect(stdout).toMatch(
      new RegExp(`^${TOOL_NAMES.length} of \\d+ tools are on\\. Their list takes about [\\d,]+ tokens`, 'm'),
    );
  });

  test('knows the toolset ops, which is on with a key of the operations API', async () => {
    const ops = ['slack_inspect_queue', 'slack_operate_queue'];
    const env = { ...BOT, SLACK_MCP_OPS_KEY: 'a-key-of-the-operations-api' };
    const rows = await listed(['--toolsets', 'ops'], env);
    expect(on(rows)).toEqual([...TOOL_NAMES, ...ops]);
    expect(rows.filter(({ name }) => ops.includes(name)).every(({ tokens }) => tokens > 50)).toBe(true);
    expect(on(await listed(['--toolsets', 'all'], env))).not.toEqual(expect.arrayContaining(ops));
    const { code, stderr } = await runHosted('slack-mcp', { args: ['tools', '--toolsets', 'ops'], env: BOT });
    expect([code, stderr]).toEqual([2, expect.stringContaining('SLACK_MCP_OPS_KEY')]);
  });

  test('refuses an unknown toolset', async () => {
    const { code, stderr } = await runHosted('slack-mcp', { args: ['tools', '--toolsets', 'pins'], env: BOT });
    expect([code, stderr]).toEqual([2, expect.stringContaining('no toolset is named "pins"')]);
  });
});
