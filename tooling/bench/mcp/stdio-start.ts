import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

/** One start of a server over stdio. */
export interface StdioStart {
  /** Milliseconds until `initialize` is answered. */
  readonly milliseconds: number;
  /** Resident memory at that time, in MiB. */
  readonly rssMiB: number;
}

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } },
});

/** Starts a server and stops it as clients do, so that the server can keep what makes the next start faster. */
export async function startOverStdio(file: string): Promise<StdioStart> {
  const started = performance.now();
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env['PATH'], SLACK_BOT_TOKEN: 'xoxb-benchmark' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.write(`${INITIALIZE}\n`);
  const log = text(child.stderr);
  const ended = once(child, 'exit').then(async () => {
    throw new Error(`${file} ended before it answered: ${await log}`);
  });
  const [answer] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
  ended.catch(() => {});
  const milliseconds = performance.now() - started;
  if (!answer.includes('"serverInfo"')) throw new Error(`${file} did not answer initialize: ${answer}`);
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  child.stdin.end();
  await once(child, 'exit');
  return { milliseconds, rssMiB: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 };
}
