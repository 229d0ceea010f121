import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const MODULE = fileURLToPath(new URL('../src/command/on-termination.ts', import.meta.url));

/** Prints why it must stop; with the argument `stay`, it does not stop then. */
const PROGRAM = `
import { onTermination } from ${JSON.stringify(MODULE)};
const release = onTermination((why) => {
  console.log(JSON.stringify(why));
  if (process.argv[1] !== 'stay') release();
}, process.env);
console.log('ready');
`;

/** Starts its arguments as npx does: it does not pass signals on. */
const PARENT = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' });
setInterval(() => {}, 2 ** 30);`;

interface Program {
  readonly process: ChildProcess;
  printed(text: string): Promise<void>;
  /** The exit code and the output, once nothing can print any more. */
  readonly ended: Promise<[number | null, string]>;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'], env });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const ended = new Promise<[number | null, string]>((resolve) => {
    child.on('close', (code) => resolve([code, output]));
  });
  onTestFinished(() => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // All of its processes have ended.
    }
  });
  return {
    process: child,
    printed: (text) => expect.poll(() => output, { timeout: 20_000 }).toContain(text),
    ended,
  };
}

const program = ['--input-type=module', '-e', PROGRAM, '--'];

test.each(['SIGTERM', 'SIGINT'] as const)('reports %s and lets the process end', async (signal) => {
  const child = start(program);
  await child.printed('ready');
  child.process.kill(signal);
  expect(await child.ended).toEqual([0, `ready\n{"signal":"${signal}"}\n`]);
});

test('ends the process at once on a second signal', async () => {
  const child = start([...program, 'stay']);
  await child.printed('ready');
  child.process.kill('SIGTERM');
  await child.printed('SIGTERM');
  child.process.kill('SIGINT');
  expect(await child.ended).toEqual([130, 'ready\n{"signal":"SIGTERM"}\n']);
});

test.skipIf(process.platform === 'win32')('a command that npx started ends when npx has ended', async () => {
  const npx = start(['-e', PARENT, '--', ...program], { npm_command: 'exec' });
  await npx.printed('ready');
  npx.process.kill('SIGTERM');
  expect((await npx.ended)[1]).toBe('ready\n{"reason":"npx_ended"}\n');
});
