import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The first answers of a server. */
export interface StdioAnswers {
  readonly tools: number;
  /** Milliseconds from the start of the command to the answer to `initialize`. */
  readonly startMs: number;
}

/** A server that does not answer in this time is stopped. */
const ANSWER_MS = 180_000;

const INITIALIZE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'rehearsal', version: '1.0.0' },
};

/**
 * Starts the server with a command and speaks to it over stdio, as clients do: initializes it and asks for its tools.
 *
 * @throws Error - it ended without an answer, or did not answer in time; the message has its log
 */
export async function checkStdio(command: string, args: readonly string[], cwd: string): Promise<StdioAnswers> {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, SLACK_BOT_TOKEN: 'xoxb-rehearsal' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ended = once(child, 'exit');
  const late = setTimeout(() => child.kill('SIGKILL'), ANSWER_MS);
  let startMs = 0;
  send({ id: 1, method: 'initialize', params: INITIALIZE });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const { id, result } = JSON.parse(line) as { id?: number; result?: { tools?: unknown[] } };
      if (id === 1) {
        startMs = Math.round(performance.now() - started);
        send({ method: 'notifications/initialized' });
        send({ id: 2, method: 'tools/list' });
      }
      if (id === 2 && result?.tools !== undefined) return { tools: result.tools.length, startMs };
    }
    throw new Error(`${command} ${args.join(' ')} ended without an answer\n${errors.join('')}`);
  } finally {
    clearTimeout(late);
    child.stdin.end();
    const forced = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(forced);
  }
}
