import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from '../run.ts';

interface Manifest {
  readonly server: { readonly mcp_config: { command: string; args: string[]; env: Record<string, string> } };
  readonly tools: readonly { name: string }[];
}

/**
 * Unpacks a bundle and starts it as a client does, in an otherwise empty folder. Its tools must match its manifest.
 *
 * @param work - an empty folder
 */
export async function checkMcpb(file: string, work: string): Promise<void> {
  const { code, output } = await run('mcpb', ['unpack', file, work], { quiet: true });
  if (code !== 0) throw new Error(`mcpb unpack failed\n${output}`);
  const { server, tools } = JSON.parse(await readFile(join(work, 'manifest.json'), 'utf8')) as Manifest;
  const values: Readonly<Record<string, string>> = {
    __dirname: work,
    'user_config.slack_bot_token': 'xoxb-packaging-check',
    'user_config.read_only': 'false',
  };
  const filled = (text: string): string => text.replace(/\$\{([^}]+)\}/g, (_, name: string) => values[name] ?? '');
  const { command, args, env } = server.mcp_config;
  const child = spawn(command, args.map(filled), {
    cwd: work,
    env: {
      PATH: process.env['PATH'],
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)])),
    },
  });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const ended = once(child, 'exit');
  try {
    for (const message of CONVERSATION) child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const answers = [];
    for await (const line of createInterface(child.stdout)) {
      answers.push(JSON.parse(line));
      if (answers.length === 2) break;
    }
    const names = answers[1]?.result?.tools?.map((tool: { name: string }) => tool.name);
    if (String(names) !== String(tools.map(({ name }) => name))) {
      throw new Error(`the bundle serves ${names}, which differs from its manifest\n${Buffer.concat(errors)}`);
    }
    child.stdin.end();
    const [exitCode] = await ended;
    if (exitCode !== 0) throw new Error(`the bundle exited with ${exitCode}\n${Buffer.concat(errors)}`);
  } finally {
    child.kill('SIGKILL');
  }
}

const CONVERSATION = [
  {
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'check', version: '1.0.0' } },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/list' },
];
