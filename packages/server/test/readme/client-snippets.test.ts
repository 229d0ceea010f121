import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { ENV_VARS } from '../../src/config/variables.ts';
import { startCommand } from '../support/commands.ts';

const [own, root] = ['../../README.md', '../../../../README.md'].map((path) =>
  readFileSync(new URL(path, import.meta.url), 'utf8'),
);
const clients = [
  /\n## Clients\n(.*?)\n## /s.exec(own ?? '')?.[1],
  /\n## Give an AI client Slack tools\n(.*?)\n## /s.exec(root ?? '')?.[1],
].join('\n');
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** What clients start or connect to. */
const snippets = [...clients.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => {
  const { mcpServers, servers = mcpServers } = JSON.parse(text) as Record<string, Record<string, Snippet>>;
  return servers?.['slack'] as Snippet;
});

interface Snippet {
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const started = [
  ...snippets.filter(({ command }) => command !== undefined),
  ...[...clients.matchAll(/^(?:claude|codex) mcp add slack --env (\w+)=(\S+) -- (\S+)(.*)$/gm)].map(
    ([, name = '', value = '', command = '', args = '']) => ({
      command,
      args: args.trim().split(' ').filter(Boolean),
      env: { [name]: value },
    }),
  ),
];

/** What follows the command of a global installation, or the package that `npx` starts. */
function flagsOf(command: string | undefined, args: readonly string[] = []): readonly string[] {
  if (command === 'slack-mcp-server') return args;
  // Run outside the folder that is open in the client, whose code npx would run.
  expect([command, ...args.slice(0, 4)]).toEqual(['npx', '-y', '--prefix', '/', manifest.name]);
  // `npx` runs the command named like the package, without its scope.
  expect(manifest.bin.server).toBe(manifest.bin['slack-mcp-server']);
  return args.slice(4);
}

test('the READMEs contain a snippet for each kind of client', () => {
  expect(snippets.every((snippet) => snippet !== undefined)).toBe(true);
  expect(started).toHaveLength(6);
  expect(snippets.filter(({ url }) => url !== undefined)).toHaveLength(1);
});

test.each(started)(
  'the server that a client starts answers initialize: $command $args $env',
  async ({ command, args, env }) => {
    const flags = flagsOf(command, args);
    const known = new Set(ENV_VARS.map((variable) => variable.name));
    expect(Object.keys(env ?? {}).filter((variable) => !known.has(variable))).toEqual([]);

    const given = Object.entries(env ?? {}).map(([variable, value]) => [
      variable,
      value.startsWith('${input:') || value === 'xoxb-your-token' ? 'xoxb-typed-in' : value,
    ]);
    const { child } = startCommand('slack-mcp-server', { args: flags, env: Object.fromEntries(given) });
    child.stdin.write(
      `${JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'snippet', version: '1.0.0' } },
      })}\n`,
    );
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { value: line } = await lines.next();
    expect(JSON.parse(line ?? '{}')).toMatchObject({ id: 1, result: { serverInfo: expect.anything() } });
  },
);

test('the URL in the README is the default address of the server', () => {
  const url = new URL(snippets.find((snippet) => snippet.url !== undefined)?.url ?? '');
  const defaults = new Map(ENV_VARS.map((variable) => [variable.name, variable.default]));
  expect([url.hostname, url.port, url.pathname]).toEqual([
    defaults.get('HOST'),
    defaults.get('PORT'),
    defaults.get('MCP_MOUNT_PATH'),
  ]);
});
