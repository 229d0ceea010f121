import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { connectSimulator, type SimulatorControl } from '@slack-mcp/simulator';
import { binOf, type Child, startSource } from '@slack-mcp/test-support/start-command';
import { balance } from './books.ts';
import { burst } from './burst.ts';
import { type Tour, tour } from './mcp-tour.ts';
import { type Outcome, problems } from './outcome.ts';
import { Timeline } from './timeline.ts';

const args = process.argv.slice(2).filter((argument) => argument !== '--');
if (args.some((argument) => argument !== '--json')) {
  console.error('usage: pnpm demo [--json]');
  process.exit(2);
}

const json = args.includes('--json');
const show = json ? console.error : console.log;
const timeline = new Timeline(show);
const folder = await mkdtemp(join(tmpdir(), 'slack-mcp-demo-'));
const journal = join(folder, 'journal.jsonl');
const children: Child[] = [];

try {
  process.exitCode = report(await run());
} catch (error) {
  console.error(`the demo failed: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  await Promise.all(children.map((child) => child.stop()));
  await rm(folder, { recursive: true, force: true });
}

async function run(): Promise<Outcome> {
  const secrets = {
    SLACK_BOT_TOKEN: `xoxb-demo-${randomBytes(8).toString('hex')}`,
    SLACK_USER_TOKEN: `xoxp-demo-${randomBytes(8).toString('hex')}`,
    SLACK_SIGNING_SECRET: randomBytes(16).toString('hex'),
  };

  // A minute of Slack's retry schedule lasts half a second here.
  const simulator = start('simulator', 'slack-simulator', ['--json', '--port', '0', '--time-scale', '120'], secrets);
  const { url } = (await simulator.line((entry) => 'control' in entry)) as { url: string };
  const slack = connectSimulator(url);
  const { bot, team } = await slack.state();
  timeline.write('slack', `workspace ${team.name}, simulated, at ${url}`);

  const environment = {
    ...secrets,
    SLACK_API_URL: url,
    SLACK_MCP_TOOLSETS: 'editing,uploads',
    QUEUE_BACKEND: 'memory',
    DEMO_JOURNAL: journal,
  };
  const worker = fileURLToPath(new URL('./worker.ts', import.meta.url));
  const server = start('server', 'slack-integrated-server', ['--port', '0', '--worker', worker], environment);
  const { address } = (await server.line((entry) => entry['message'] === 'server_listening')) as { address: string };
  timeline.write('server', `slack-integrated-server at ${address}, queue in memory, one worker inside`);

  await slack.setEventsUrl(`${address}/slack/events`, { verify: true });
  timeline.write('slack', 'events URL verified');

  const cutOffs = await burst(slack, bot.userId);
  const { length } = await slack.deliveries();
  timeline.write('slack', `${length} events sent to the ingress, ${cutOffs} of them cut off so that Slack retries`);

  const tours: Record<string, Tour> = {};
  const http = new StreamableHTTPClientTransport(new URL('/mcp', address)) as Transport;
  tours['streamable-http'] = await visit('http', http, slack);
  const stdio = new StdioClientTransport({
    command: process.execPath,
    args: ['--conditions=@slack-mcp/source', binOf('server', 'slack-mcp-server'), '--log-level', 'warn'],
    env: environment,
    stderr: 'inherit',
  });
  tours['stdio'] = await visit('stdio', stdio, slack);

  await settle(slack);
  const deliveries = await slack.deliveries();
  for (const { eventId, type, attempts } of deliveries.filter(({ attempts }) => attempts.length > 1)) {
    const [first, second] = attempts;
    timeline.write(
      'slack',
      `${eventId} ${type}: cut off ${first?.cutOff}, retried for ${second?.retryReason}, accepted`,
    );
  }

  const metrics = await (await fetch(new URL('/metrics', address))).text();
  const accepted = Number(/^slack_mcp_ingress_requests_total\{result="published"\} (\d+)$/m.exec(metrics)?.[1]);
  const sent = deliveries.flatMap(({ eventId, state }) =>
    eventId === undefined ? [] : [{ eventId, acknowledged: state === 'delivered' }],
  );
  const mentions = deliveries.filter(({ type }) => type === 'app_mention').length;
  const { channels } = await slack.state();
  const replies = channels
    .flatMap(({ messages }) => messages)
    .filter(({ user, text }) => user === bot.userId && text.endsWith('I heard you.')).length;
  return { events: balance(sent, await handled(), accepted), tours, mentions, replies };
}

function start(packageName: string, name: string, args: readonly string[], env: Record<string, string>): Child {
  const child = startSource(binOf(packageName, name), args, { env });
  children.push(child);
  return child;
}

async function visit(name: string, transport: Transport, slack: SimulatorControl): Promise<Tour> {
  const place = await slack.postMessage('alice', 'general', `A thread for the ${name} client`);
  return tour(transport, place, (what) => timeline.write('mcp', `${name}: ${what}`));
}

/** The event ids that the worker has handled so far. */
async function handled(): Promise<string[]> {
  const text = await readFile(journal, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { eventId: string }).eventId);
}

/** Waits until no event is pending: replies to mentions are messages, which are events themselves. */
async function settle(slack: SimulatorControl): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    await slack.idle();
    const deliveries = await slack.deliveries();
    const done = new Set(await handled());
    const open = deliveries.filter(({ eventId }) => eventId !== undefined && !done.has(eventId));
    const idle = (await slack.deliveries()).length === deliveries.length;
    if ((open.length === 0 && idle) || Date.now() > deadline) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Prints the summary; the exit code is 0 if every promise was kept. */
function report(outcome: Outcome): 0 | 1 {
  const { events, tours, mentions, replies } = outcome;
  const { sent, acknowledged, handled, lost, doubled, duplicatesSuppressed } = events;
  const all = Object.values(tours);
  const mcp = {
    transports: Object.keys(tours),
    tools: Math.min(...all.map(({ tools }) => tools)),
    calls: all.reduce((sum, { calls }) => sum + calls, 0),
    failures: all.flatMap(({ failures }) => failures).length,
  };
  const seconds = timeline.seconds;
  const found = problems(outcome);

  show('');
  show(`events   ${sent} sent, ${acknowledged} acknowledged, ${handled} handled`);
  show(`         ${lost} lost, ${doubled} handled twice, ${duplicatesSuppressed} duplicates suppressed`);
  show(`mcp      ${mcp.tools} tools, ${mcp.calls} calls over ${mcp.transports.join(' and ')}, ${mcp.failures} failed`);
  show(`slack    ${replies} of ${mentions} mentions answered`);
  show(
    found.length === 0 ? `Nothing lost, nothing duplicated, in ${seconds} s.` : 'The demo did not keep its promises:',
  );
  for (const problem of found) show(`- ${problem}`);
  if (json) {
    const books = { sent, acknowledged, handled, lost, duplicatesSuppressed };
    console.log(JSON.stringify({ events: books, mcp, slack: { replies }, seconds }));
  }
  return found.length === 0 ? 0 : 1;
}
