import { describe, expect, it } from 'vitest';
import { appScopes } from '../../src/tools/app-scopes.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import { selectTools } from '../../src/tools/select-tools.ts';
import { allToolsets } from '../../src/tools/toolsets/all-toolsets.ts';
import { BOTH_TOKENS, startWorkspace } from '../mcp/support/start-workspace.ts';
import { leastArguments, propertiesOf } from './support/example-arguments.ts';

const SCOPES = appScopes(allToolsets.tools);

/** Channels of every kind that the seed has, by id and by name. */
const CHANNELS = ['#general', 'C0PRIVATE1', 'D0ALICE001', '@alice'];

/**
 * Whether a call of any tool lacks a scope, when the bot has all but `missing`. The tools that declare this scope are
 * called first.
 */
async function lacksScope(missing?: string): Promise<boolean> {
  const bot = SCOPES.bot.filter((scope) => scope !== missing);
  const simulator = { ...BOTH_TOKENS.simulator, scopes: bot, userScopes: SCOPES.user };
  await using at = await startWorkspace({ ...BOTH_TOKENS, simulator, host: { toolsets: ['all'] } });
  let lacks = false;
  const call = async (name: string, args: object): Promise<void> => {
    const { _meta, content } = await at.host.callTool(name, args);
    if (JSON.stringify([_meta, content]).includes('missing_scope')) lacks = true;
  };
  const declares = ({ manifestScopes, moreScopes }: Tool): boolean =>
    missing !== undefined && [...manifestScopes, ...moreScopes].includes(missing);
  for (const tool of allToolsets.tools.toSorted((a, b) => Number(declares(b)) - Number(declares(a)))) {
    const args = leastArguments(tool);
    const channels = 'channel' in propertiesOf(tool) ? CHANNELS.map((channel) => ({ channel })) : [{}];
    for (const channel of channels) await call(tool.name, { ...args, ...channel });
    if (lacks) return true;
  }
  for (const query of ['alice', 'alice@acme.test', ':shipit']) await call('slack_find', { query });
  await call('slack_read_user', { user: 'alice@acme.test' });
  await call('slack_edit_canvas', { action: 'delete', canvas: 'F0CANVAS01', section: 'x' });
  const list = { action: 'create', name: 'Tasks', channel: '#general' };
  const { structuredContent } = await at.host.callTool('slack_edit_list', list);
  await call('slack_read_list', { list: structuredContent?.['list'] ?? 'F0LIST0001' });
  return lacks || (await at.simulator.calls()).some(({ error }) => error === 'missing_scope');
}

describe('the scopes for the tools', () => {
  it('are enough for every tool and every kind of channel', async () => {
    expect(await lacksScope()).toBe(false);
  });

  // The simulator opens direct messages without a scope, and its seed has no group direct messages.
  const checked = SCOPES.bot.filter((scope) => !['im:write', 'mpim:history'].includes(scope));

  it.each(checked)('include %s, because a tool needs it', async (scope) => {
    expect(await lacksScope(scope)).toBe(true);
  });

  it('include those for channel rules only if there are rules', () => {
    const tools = selectTools(allToolsets, { toolsets: ['editing'] }).tools;
    expect(appScopes(tools).bot).not.toContain('mpim:read');
    expect(appScopes(tools, { writeChannels: ['!general'] }).bot).toContain('mpim:read');
    expect(appScopes(tools, { externalChannels: 'read' }).bot).toContain('mpim:read');
  });
});
