import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hostedCommands, runCommand, temporaryFolder } from '../support/commands.ts';

const runHosted = hostedCommands();

interface Setting {
  readonly name: string;
  readonly value: string | null;
  readonly origin: string;
  readonly secret: boolean;
}

async function configOf(
  args: readonly string[],
  { env = {}, file }: { env?: Record<string, string>; file?: string } = {},
): Promise<{ settings: ReadonlyMap<string, Setting>; stdout: string; stderr: string }> {
  const cwd = temporaryFolder();
  if (file !== undefined) writeFileSync(join(cwd, '.env'), file);
  const { code, stdout, stderr } = await runHosted('slack-mcp', { args: ['config', '--json', ...args], env, cwd });
  expect(code).toBe(0);
  const settings = JSON.parse(stdout) as Setting[];
  return { settings: new Map(settings.map((setting) => [setting.name, setting])), stdout, stderr };
}

describe('slack-mcp config', () => {
  test('shows the strongest value of each setting and where it comes from', async () => {
    const { settings } = await configOf(['--port', '4000'], {
      env: { PORT: '5000', LOG_LEVEL: 'debug' },
      file: 'PORT=6000\nLOG_LEVEL=trace\nMCP_MOUNT_PATH=/tools\n',
    });
    const of = (name: string): unknown[] => [settings.get(name)?.value, settings.get(name)?.origin];
    expect(of('PORT')).toEqual(['4000', '--port']);
    expect(of('LOG_LEVEL')).toEqual(['debug', 'environment']);
    expect(of('MCP_MOUNT_PATH')).toEqual(['/tools', '.env']);
    expect(of('HOST')).toEqual(['127.0.0.1', 'default']);
    expect(of('--retry')).toEqual(['3', 'default']);
    expect(of('SLACK_BOT_TOKEN')).toEqual([null, 'not set']);
  });

  test('masks secrets, the tokens of workspaces, and the credentials of URLs', async () => {
    const { settings, stdout } = await configOf([], {
      env: {
        SLACK_BOT_TOKEN: 'xoxb-hidden-1',
        SLACK_BOT_TOKEN_ACME: 'xoxb-hidden-2',
        SLACK_SIGNING_SECRET: 'hidden-signing-secret-3',
        MCP_AUTH_TOKEN: 'ci:read=hidden-key-number-4',
        HTTPS_PROXY: 'http://user:hidden/5@proxy.example.com:3128',
        MCP_PUBLIC_URL: 'https://mcp.example.com/mcp',
      },
    });
    expect(settings.get('SLACK_BOT_TOKEN')).toEqual({
      name: 'SLACK_BOT_TOKEN',
      value: '********',
      origin: 'environment',
      secret: true,
    });
    expect(settings.get('SLACK_BOT_TOKEN_ACME')?.value).toBe('********');
    expect(settings.get('MCP_PUBLIC_URL')?.value).toBe('https://mcp.example.com/mcp');
    expect(stdout).not.toContain('hidden');
  });

  test('lists the settings of the queue backend, without opening a connection', async () => {
    const { settings } = await configOf([], { env: { QUEUE_BACKEND: 'memory', MEMORY_MAX_BACKLOG: '7' } });
    expect(settings.get('MEMORY_MAX_BACKLOG')).toMatchObject({ value: '7', origin: 'environment' });
  });

  test('explains why the settings of the queue backend are missing', async () => {
    const { settings, stderr } = await configOf([], { env: { QUEUE_BACKEND: 'nonsense' } });
    expect(settings.get('QUEUE_BACKEND')).toMatchObject({ value: 'nonsense', origin: 'environment' });
    expect(stderr).toMatch(/^slack-mcp config: the settings of the queue backend are missing here: .*nonsense/);
  });

  test('prints a table without settings that are not set, unless --all is given', async () => {
    const run = (...args: string[]) => runCommand('slack-mcp', { args: ['config', ...args], env: { PORT: '5000' } });
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^PORT +5000 +environment$/m);
    expect(stdout).not.toMatch(/^SLACK_BOT_TOKEN/m);
    expect(stdout).toMatch(/\d+ settings are not set\. Use --all to see them\.\n$/);
    expect((await run('--all')).stdout).toMatch(/^SLACK_BOT_TOKEN +not set$/m);
  });

  test('rejects the misspelt name of a setting that limits the tools', async () => {
    const { code, stderr } = await runHosted('slack-mcp', { args: ['config'], env: { SLACK_MCP_READONLY: 'true' } });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('SLACK_MCP_READ_ONLY is misspelt as SLACK_MCP_READONLY'),
    ]);
  });
});
