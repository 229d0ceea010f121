import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { packageManager, run } from '../scripts/run.ts';
import { type BenchOptions, wants } from './bench-options.ts';
import { compare, type Measurement } from './compare.ts';
import { createDetailRecorder, type Details } from './details.ts';
import { HEAVIEST_CALLS } from './mcp/heaviest-calls.ts';
import type { LoadOrder, LoadResult } from './mcp/load.ts';
import type { Usage, UsageQuestion } from './mcp/report-usage.ts';
import { openSession, post } from './mcp/session.ts';
import { type StdioStart, startOverStdio } from './mcp/stdio-start.ts';

const SESSIONS = 50;
const IDLE_SESSIONS = 900;
const STARTS = 5;

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The MCP server, as its command creates it, compared with the SDK's server with one tool, each in its own process. */
export async function* mcp(options: BenchOptions): AsyncGenerator<Measurement> {
  const { quick, rounds } = options;
  const measures = (...metrics: string[]): boolean => metrics.some((metric) => wants(options, metric));
  const requests = quick ? 500 : 10_000;
  await using client = await start('mcp/load.ts', []);
  const { slackUrl } = client.hello as { slackUrl: string };
  const call = (name: string, args: object) => ({ method: 'tools/call', params: { name, arguments: args } });

  type Request = Pick<LoadOrder, 'method' | 'params'>;
  const usage = (server: Server) => ask<Usage>(server, { quick: true } satisfies UsageQuestion);
  /** Compares the rates of two servers, with what each call takes. */
  const rates = async (
    about: { metric: string; reference: string },
    ours: { server: Server; request: Request },
    theirs: { server: Server; request: Request },
    count = requests,
  ): Promise<Measurement & Details> => {
    const details = createDetailRecorder();
    const rate = async (side: 'ours' | 'theirs'): Promise<number> => {
      const { server, request } = side === 'ours' ? ours : theirs;
      const before = await usage(server);
      const order: LoadOrder = { port: server.port, sessions: SESSIONS, requests: count, ...request };
      const { requestsPerSecond, p50Ms, p99Ms } = await ask<LoadResult>(client, order);
      const { cpuUs, rssMiB } = await usage(server);
      details.note(side, { p50Ms, p99Ms, rssMiB, cpuUs: (cpuUs - before.cpuUs) / count });
      return requestsPerSecond;
    };
    const measurement = await compare({
      ...{ bench: 'mcp', unit: 'requests/s', better: 'more', rounds, ...about },
      ours: () => rate('ours'),
      theirs: () => rate('theirs'),
    });
    return { ...measurement, ...details.medians() };
  };
  if (measures('tools-call', 'tools-list')) {
    await using ours = await startServer('mcp/our-server.ts', [slackUrl]);
    await using ourEcho = await startServer('mcp/our-server.ts', [slackUrl, 'echo']);
    await using bareEcho = await startServer('mcp/bare-server.ts', [slackUrl, 'echo']);
    const echo = call('echo', { text: 'Hello' });
    const theirs = { server: bareEcho, request: echo };
    const reference = 'bare SDK, tools/call';
    yield await rates({ metric: 'tools-call', reference }, { server: ourEcho, request: echo }, theirs);
    const list = { server: ours, request: { method: 'tools/list' } };
    yield await rates({ metric: 'tools-list', reference }, list, theirs);
  }
  if (measures('history-call')) {
    await using ours = await startServer('mcp/our-server.ts', [slackUrl]);
    await using history = await startServer('mcp/bare-server.ts', [slackUrl, 'history']);
    yield await rates(
      { metric: 'history-call', reference: "bare SDK, Slack's JSON untouched" },
      { server: ours, request: call('slack_read_channel_messages', { channel: 'C0123456789', limit: 100 }) },
      { server: history, request: call('history', { channel: 'C0123456789' }) },
      requests / 5,
    );
  }
  if (measures('session-memory')) {
    yield await compare({
      bench: 'mcp',
      metric: 'session-memory',
      reference: 'bare SDK',
      unit: 'KiB',
      better: 'less',
      rounds,
      ours: () => sessionMemory(client, 'mcp/our-server.ts', slackUrl),
      theirs: () => sessionMemory(client, 'mcp/bare-server.ts', slackUrl),
    });
  }
  if (measures('longest-slice')) {
    yield await compare({
      bench: 'mcp',
      metric: 'longest-slice',
      reference: 'bare SDK, the same calls',
      unit: 'ms',
      better: 'less',
      rounds,
      ours: () => longestSlice('mcp/our-server.ts', slackUrl),
      theirs: () => longestSlice('mcp/bare-server.ts', slackUrl),
    });
  }
  if (measures('stdio-start', 'stdio-rss')) yield* stdio(rounds);
}

/** The time that a client waits when it starts the published command. */
async function* stdio(rounds: number): AsyncGenerator<Measurement> {
  const pnpm = packageManager();
  const build = [...pnpm.args, 'exec', 'turbo', 'run', 'build', '--filter=@slack-mcp/server'];
  const { code, output } = await run(pnpm.command, build, { cwd: path('..'), quiet: true });
  if (code !== 0) throw new Error(`the server could not be built\n${output}`);
  const [ours, theirs] = [
    path('../../packages/server/dist/stdio/slack-mcp-server.js'),
    path('mcp/bare-stdio-server.mjs'),
  ];
  for (const { metric, unit, of } of [
    { metric: 'stdio-start', unit: 'ms', of: (started: StdioStart) => started.milliseconds },
    { metric: 'stdio-rss', unit: 'MiB', of: (started: StdioStart) => started.rssMiB },
  ]) {
    const best = async (file: string): Promise<number> => {
      const starts = [];
      for (let index = 0; index < STARTS; index += 1) starts.push(of(await startOverStdio(file)));
      return Math.min(...starts);
    };
    yield await compare({
      bench: 'mcp',
      metric,
      reference: 'bare SDK',
      unit,
      better: 'less',
      rounds,
      ours: () => best(ours),
      theirs: () => best(theirs),
    });
  }
}

/** Memory of an idle session in KiB. */
async function sessionMemory(client: Child, file: string, slackUrl: string): Promise<number> {
  await using server = await startServer(file, [slackUrl]);
  const open = (sessions: number) =>
    ask<LoadResult>(client, { port: server.port, sessions, requests: 0, method: 'ping' });
  const bytes = async () => (await ask<Usage>(server, {})).bytes;
  // The first sessions allocate what all sessions share.
  await open(20);
  const before = await bytes();
  await open(IDLE_SESSIONS);
  return ((await bytes()) - before) / IDLE_SESSIONS / 1024;
}

/** The longest time that calls of one client block the event loop, in milliseconds. */
async function longestSlice(file: string, slackUrl: string): Promise<number> {
  await using server = await startServer(file, [slackUrl]);
  const { exchange, id } = await openSession(server.port);
  // Starts from a loop that has finished the start of the process.
  await ask<Usage>(server, {});
  for (const message of HEAVIEST_CALLS) {
    const { status, body } = await exchange.send(post(server.port, message, id));
    if (status !== 200) throw new Error(`${file} answered ${status}: ${body.slice(0, 300)}`);
  }
  exchange.close();
  return (await ask<Usage>(server, {})).longestSliceMs;
}

/** A child process that sends a message when it is ready. */
interface Child extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly hello: object;
  /** Rejects when the process ends. */
  readonly ended: Promise<never>;
}

interface Server extends Child {
  readonly port: number;
}

async function start(file: string, args: readonly string[]): Promise<Child> {
  const child = fork(path(file), [...args], {
    execArgv: ['--conditions=@slack-mcp/source', '--expose-gc'],
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code, signal]): never => {
    throw new Error(`${file} ended with ${code ?? signal}`);
  });
  ended.catch(() => {});
  const [hello] = (await Promise.race([once(child, 'message'), ended])) as [object];
  return {
    process: child,
    hello,
    ended,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function startServer(file: string, args: readonly string[]): Promise<Server> {
  const child = await start(file, args);
  return { ...child, ...(child.hello as { port: number }) };
}

async function ask<Answer>(child: Child, question: object): Promise<Answer> {
  child.process.send(question);
  const [answer] = (await Promise.race([once(child.process, 'message'), child.ended])) as [Answer | { error: string }];
  if (typeof answer === 'object' && answer !== null && 'error' in answer) throw new Error(answer.error);
  return answer as Answer;
}
