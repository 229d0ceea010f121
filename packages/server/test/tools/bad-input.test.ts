import { beforeAll, describe, expect, it } from 'vitest';
import type { Tool } from '../../src/tools/define-tool.ts';
import { allToolsets } from '../../src/tools/toolsets/all-toolsets.ts';
import { BOTH_TOKENS, startWorkspace, type TestWorkspace } from '../mcp/support/start-workspace.ts';
import { type Args, exampleArguments, leastArguments, propertiesOf, requiredOf } from './support/example-arguments.ts';
import { failure, output } from './support/results.ts';

const GENERAL = 'C0GENERAL1';
const tools = allToolsets.tools.map((tool) => [tool.name, tool] as const);
/** Tools that answer without Slack have no trouble with Slack. */
const calling = tools.filter(([name]) => name !== 'slack_find_method');
const having = (name: string) => tools.filter(([, tool]) => name in propertiesOf(tool));

const start = (simulator: object = {}, host: object = {}) =>
  startWorkspace({
    ...BOTH_TOKENS,
    simulator: { ...BOTH_TOKENS.simulator, ...simulator },
    host: { toolsets: ['all'], ...host },
  });

/** Arguments with which the call succeeds. */
async function validArguments(at: TestWorkspace, tool: Tool): Promise<Args> {
  const post_at = Math.floor(Date.now() / 1_000) + 3_600;
  const { ts } = output(await at.host.callTool('slack_post_message', { channel: GENERAL, text: 'Of the bot' }));
  const { scheduled_message_id } = output(
    await at.host.callTool('slack_schedule_message', { channel: GENERAL, text: 'Later', post_at }),
  );
  const { file_id } = output(
    await at.host.callTool('slack_upload_file', { channel: GENERAL, filename: 'a.csv', content: 'a,b' }),
  );
  const { list } = output(
    await at.host.callTool('slack_edit_list', { action: 'create', channel: GENERAL, name: 'Tasks' }),
  );
  const known: Args = { timestamp: ts, thread_ts: ts, scheduled_message_id, post_at, file: file_id, list };
  return Object.fromEntries(
    Object.entries(leastArguments(tool)).map(([name, value]) => [name, name in known ? known[name] : value]),
  );
}

/** The methods of a successful call, found once for each tool. */
const methodsOf = (tool: Tool): Promise<readonly string[]> => {
  const found = methods.get(tool) ?? findMethods(tool);
  methods.set(tool, found);
  return found;
};
const methods = new Map<Tool, Promise<readonly string[]>>();

async function findMethods(tool: Tool): Promise<readonly string[]> {
  await using at = await start();
  const args = await validArguments(at, tool);
  const before = (await at.simulator.calls()).length;
  output(await at.host.callTool(tool.name, args));
  return [...new Set((await at.simulator.calls()).slice(before).map(({ method }) => method))];
}

/** The failure of a call whose methods all have the same trouble. */
async function troubled(tool: Tool, cause: (at: TestWorkspace, method: string) => Promise<void>) {
  const called = await methodsOf(tool);
  await using at = await start();
  const args = await validArguments(at, tool);
  for (const method of called) await cause(at, method);
  const result = await at.host.callTool(tool.name, args);
  const { code, text } = result.isError === true ? failure(result) : { code: 'partial', text: JSON.stringify(result) };
  expect(code).not.toBe('internal_error');
  return text;
}

const MISTYPED: readonly (readonly [string, Tool, string])[] = tools.flatMap(([name, tool]) =>
  Object.entries(propertiesOf(tool))
    .filter(([, { type }]) => type !== 'object')
    .map(([argument]) => [name, tool, argument] as const),
);
const MISSING: readonly (readonly [string, Tool, string])[] = tools.flatMap(([name, tool]) =>
  requiredOf(tool).map((argument) => [name, tool, argument] as const),
);

describe('an argument', () => {
  // Refused calls do not reach it.
  let at: TestWorkspace;
  beforeAll(async () => {
    at = await start();
    return () => at[Symbol.asyncDispose]();
  });

  const refused = async (tool: Tool, args: unknown): Promise<string> => {
    const failed = failure(await at.host.callTool(tool.name, args));
    expect(failed.code).toBe('invalid_arguments');
    expect(failed.text).toMatch(/^slack_\w+: .+\. Arguments: .+\. Correct them and call again\.$/s);
    expect(await at.simulator.calls()).toEqual([]);
    return failed.text;
  };

  it.each(MISSING)('%s refuses calls without %3$s', async (_name, tool, argument) => {
    const { [argument]: _missing, ...rest } = leastArguments(tool);
    expect(await refused(tool, rest)).toContain(argument);
  });

  it.each(MISTYPED)('%s refuses an object as %3$s', async (_name, tool, argument) => {
    expect(await refused(tool, { ...exampleArguments(tool), [argument]: { nested: true } })).toContain(argument);
  });

  it.each([...having('text'), ...having('texts')])('%s refuses a text that is too long', async (_name, tool) => {
    const text = 'x'.repeat(40_001);
    const long = 'texts' in propertiesOf(tool) ? { texts: [text] } : { text };
    expect(await refused(tool, { ...leastArguments(tool), ...long })).toMatch(/text/);
  });
});

describe('a channel', () => {
  const ambiguous = {
    seed: {
      users: ['U0TWIN0001', 'U0TWIN0002'].map((id) => ({ id, name: 'twin' })),
      channels: [{ id: GENERAL, name: 'general', members: ['U0TWIN0001', 'U0SIMULBOT'] }],
    },
  };

  it.each(having('channel'))('%s refuses an unknown name, with the nearest ones', async (_name, tool) => {
    await using at = await start();
    const failed = failure(await at.host.callTool(tool.name, { ...leastArguments(tool), channel: 'genral' }));
    expect(failed).toMatchObject({ code: 'unknown_channel', details: { candidates: ['general'] } });
    const called = (await at.simulator.calls()).map(({ method }) => method);
    expect(called.filter((method) => !/^(conversations|users)\.(list|info)$/.test(method))).toEqual([]);
  });

  it.each(having('channel'))('%s refuses a name that several people have', async (_name, tool) => {
    await using at = await start(ambiguous);
    const failed = failure(await at.host.callTool(tool.name, { ...leastArguments(tool), channel: '@twin' }));
    expect(failed).toMatchObject({ code: 'unknown_user', details: { candidates: ['U0TWIN0001', 'U0TWIN0002'] } });
    const called = (await at.simulator.calls()).map(({ method }) => method);
    expect(called.filter((method) => !/^(conversations|users)\.(list|info)$/.test(method))).toEqual([]);
  });
});

describe('trouble with Slack', () => {
  const scoped = tools.filter(([, tool]) => tool.scopes.length > 0);

  it.each(scoped)('%s names the missing scope', async (_name, tool) => {
    await using at = await start({ scopes: ['team:read'], userScopes: ['team:read'] });
    const failed = failure(await at.host.callTool(tool.name, leastArguments(tool)));
    expect(failed.text).toMatch(new RegExp(`missing_scope|${tool.scopes.join('|')}`));
    expect(failed.text).toContain('install it again');
  });

  it.each(calling)('%s names the kind of token that is needed', async (_name, tool) => {
    const text = await troubled(tool, ({ simulator }, method) =>
      simulator.fail(method, 'not_allowed_token_type', { times: 1_000 }),
    );
    expect(text).toContain('SLACK_USER_TOKEN');
  });

  it.each(calling)('%s says how long to wait for a rate limit', async (_name, tool) => {
    const text = await troubled(tool, ({ simulator }, method) =>
      simulator.limit(method, { retryAfterS: 61, times: 1_000 }),
    );
    expect(text).toMatch(/6[01] s/);
  });

  it.each(calling)('%s says what to do while Slack is down', async (_name, tool) => {
    const text = await troubled(tool, ({ simulator }, method) => simulator.fail(method, 503, { times: 1_000 }));
    expect(text).toMatch(/slack-status\.com|may have carried out the call/);
  });
});
