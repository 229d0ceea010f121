import { createSimulator, type SimulatorOptions } from '@slack-mcp/simulator';
import { capturedLog, unrulySlack } from '@slack-mcp/test-support';
import { expect, onTestFinished, test } from 'vitest';
import { createMcpHttpServer, type McpHttpServerOptions } from '../../src/index.ts';

async function start(options: Partial<McpHttpServerOptions>) {
  const log = capturedLog();
  const server = createMcpHttpServer({ token: 'xoxb-simulator', port: 0, logger: log, checkTokens: true, ...options });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  const slack = async () => {
    const { components } = (await (await fetch(`${server.address}/health`)).json()) as {
      components: { slack_client: { status: string; detail?: Record<string, string> } };
    };
    return components.slack_client;
  };
  return { server, log, slack };
}

async function workspace(options: Partial<SimulatorOptions> = {}): Promise<string> {
  const simulator = await createSimulator({ signingSecret: 'secret', ...options });
  onTestFinished(() => simulator.close());
  return simulator.url;
}

test('names the workspace and the bot in the log and in /health', async () => {
  const { slack, log } = await start({ apiUrl: await workspace() });
  await expect
    .poll(slack)
    .toMatchObject({ status: 'up', detail: { team: expect.any(String), user: expect.any(String) } });
  expect((await slack()).detail).not.toHaveProperty('missingScopes');
  expect(log.lines.map(({ event }) => event)).toContain('slack_token_checked');
});

test('names the scopes that the offered tools need and the token does not have', async () => {
  const { slack } = await start({
    apiUrl: await workspace({ scopes: ['chat:write', 'emoji:read'] }),
    toolsets: ['all'],
  });
  await expect.poll(async () => (await slack()).detail?.['missingScopes']).toMatch(/reactions:write/);
  expect((await slack()).detail?.['missingScopes']).not.toMatch(/chat:write|emoji:read/);
});

test('names each of several workspaces', async () => {
  const workspaces = { acme: 'xoxb-simulator', beta: 'xoxb-other' };
  const { slack, log } = await start({ apiUrl: await workspace(), token: undefined, workspaces });
  await expect.poll(slack).toMatchObject({
    status: 'degraded',
    detail: { 'acme.team': expect.any(String), 'beta.bot': 'invalid_auth' },
  });
  expect(log.lines.map(({ event, fields }) => [event, fields['workspace']])).toContainEqual([
    'slack_token_not_checked',
    'beta',
  ]);
});

test('does not delay readiness or the end while Slack does not answer', async () => {
  const asked = Promise.withResolvers<void>();
  await using silent = await unrulySlack(() => asked.resolve());
  const { server, slack, log } = await start({ apiUrl: silent.url });
  expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
  expect(await slack()).toEqual({ status: 'up' });
  await asked.promise;
  await server.close({ drainTimeoutMs: 0 });
  expect(log.lines.map(({ event }) => event)).not.toContain('slack_token_not_checked');
});

test('asks Slack nothing unless it is asked to', async () => {
  const { slack, log } = await start({ apiUrl: 'http://127.0.0.1:1/api/', checkTokens: false });
  expect(await slack()).toEqual({ status: 'up' });
  expect(log.lines.map(({ event }) => event)).not.toContain('slack_token_not_checked');
});
