import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Starts the server with npx over stdio, and asks for its tools. Resolves with their number. */
export async function checkStdio(cwd: string, env: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn('npx', ['-y', '@slack-mcp/server'], {
    cwd,
    env: { ...process.env, ...env, SLACK_BOT_TOKEN: 'xoxb-rehearsal' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 'rehearsal', version: '1.0.0' };
  send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } });
  const ended = once(child, 'exit');
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const { id, result } = JSON.parse(line) as { id?: number; result?: { tools?: unknown[] } };
      if (id === 1) {
        send({ method: 'notifications/initialized' });
        send({ id: 2, method: 'tools/list' });
      }
      if (id === 2 && result?.tools !== undefined) return result.tools.length;
    }
    throw new Error(`npx @slack-mcp/server ended without an answer\n${errors.join('')}`);
  } finally {
    child.stdin.end();
    const forced = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(forced);
  }
}
