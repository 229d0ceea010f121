import { Agent } from 'node:http';
import { createSimulator } from '@slack-mcp/simulator';
import { Chance } from '../chance.ts';
import type { FuzzOptions, FuzzResult } from '../result.ts';
import { startServerProcess } from '../server-process.ts';
import { KEYS, SECRET } from './credentials.ts';
import { type McpRequest, makeMcpRequest, READERS_MARK, type Sessions } from './request.ts';
import { type Outcome, sendRequest } from './send-request.ts';
import { signedEvent } from './signed-event.ts';

const MAIN = new URL('server-main.ts', import.meta.url);
const CONNECTIONS = 32;
/** Maximum number of unexpected results to print. */
const SHOWN = 20;
/** Share of a run after which the server should have allocated everything that it keeps. */
const WARM_UP = 0.4;
/** Allowed growth after that, in MiB. */
const GROWTH_MIB = 24;
/** Requests between two signed Slack events. */
const EVENT_EVERY = 50;
/** Requests after which sessions are opened again, because the server ends idle ones. */
const SESSIONS_EVERY = 500;

/**
 * Sends the tools requests that no client would send, over both revisions of MCP, REST and SSE, with and without
 * credentials. The server must not end, answer with 5xx other than 503, admit unauthorized callers, write for callers
 * with read access, leave a Slack event unanswered, or leak memory.
 */
export async function fuzzMcp({ requests, seed, progress, preload }: FuzzOptions): Promise<FuzzResult> {
  const simulator = await createSimulator({ signingSecret: SECRET });
  const server = await startServerProcess(MAIN, [simulator.url], preload);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const started = performance.now();
  const counts = { accepted: 0, rejected: 0, unexpected: 0 };
  const sessions: Record<keyof Sessions, string[]> = { reader: [], writer: [], slack: [] };
  let next = 0;

  function unexpected(what: string): void {
    counts.unexpected += 1;
    if (counts.unexpected <= SHOWN) progress(`UNEXPECTED ${what}`);
  }

  function judge(index: number, request: McpRequest, outcome: Outcome): void {
    const { ending } = outcome;
    if (typeof ending === 'number' && ending < 300) counts.accepted += 1;
    else counts.rejected += 1;
    const problem = problemWith(request, outcome);
    if (problem === undefined) return;
    const excerpt = JSON.stringify(request.body.subarray(0, 500).toString('latin1'));
    unexpected(
      `${request.sender}'s request ${index} of seed ${seed} ${problem}: ${request.method} ${request.path} ${excerpt} -> ${outcome.text.slice(0, 200)}`,
    );
  }

  async function openSession(owner: 'reader' | 'writer'): Promise<void> {
    const { headers } = await sendRequest(server.port, initialize(owner), agent);
    const id = headers['mcp-session-id'];
    if (typeof id === 'string') sessions[owner] = [...sessions[owner].slice(-3), id];
  }

  async function work(until: number): Promise<void> {
    for (let index = next++; index < until && !server.hasEnded; index = next++) {
      if (index % SESSIONS_EVERY === 0) await Promise.all([openSession('reader'), openSession('writer')]);
      if (index % EVENT_EVERY === 0) {
        const { ending } = await sendRequest(server.port, signedEvent(SECRET, `Ev${seed}x${index}`), agent);
        if (ending !== 200) unexpected(`a signed event during request ${index} ended with ${ending}`);
      }
      const request = makeMcpRequest(new Chance(seed, index), sessions);
      judge(index, request, await sendRequest(server.port, request, agent));
    }
  }

  /** Sends all requests up to `until`. Resolves to the memory in use when no request is in flight. */
  async function send(until: number): Promise<number> {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => work(until)));
    // Each worker has taken one number more than there were requests.
    next = until;
    await untilQuiet();
    return server.hasEnded ? Number.NaN : server.memory();
  }

  /** Waits until unused sessions have ended. */
  async function untilQuiet(): Promise<void> {
    for (let times = 0; times < 100 && !server.hasEnded && (await server.gauge('slack_mcp_sessions')) > 0; times += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  const ticker = setInterval(() => progress(`${next} of ${requests}, ${counts.unexpected} unexpected`), 15_000);
  try {
    const heldMiB = { early: await send(Math.floor(requests * WARM_UP)), late: await send(requests) };
    if (server.hasEnded) unexpected('the server has ended');
    const written = (await simulator.calls()).filter((call) => JSON.stringify(call.arguments).includes(READERS_MARK));
    for (const call of written) unexpected(`${call.method} was called for a caller with read access only`);
    if (heldMiB.late - heldMiB.early > GROWTH_MIB) {
      unexpected(`the memory in use grew from ${heldMiB.early} to ${heldMiB.late} MiB`);
    }
    const { accepted, rejected } = counts;
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    return { fuzz: 'mcp', seed, requests, accepted, rejected, unexpected: counts.unexpected, seconds, heldMiB };
  } finally {
    clearInterval(ticker);
    agent.destroy();
    await server.stop();
    await simulator.close();
  }
}

/** Describes a wrong outcome of a request. `undefined` if the outcome is correct. */
function problemWith({ sender, method, headers }: McpRequest, { ending, text }: Outcome): string | undefined {
  if (ending === 'silent') return 'was not answered';
  if (ending === 'closed') return undefined;
  if (ending >= 500 && ending !== 503) return `was answered with ${ending}`;
  const mayEnter = sender !== 'nobody' && sender !== 'forger';
  // A browser sends preflight requests without credentials.
  const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
  if (!mayEnter && ending < 300 && !isPreflight) return `was answered with ${ending}`;
  return text.includes('"polluted"') && !text.includes('Unrecognized')
    ? 'was answered with the content that it had injected'
    : undefined;
}

function initialize(owner: 'reader' | 'writer'): McpRequest {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'fuzz', version: '0' } };
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }));
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${KEYS[owner]}`,
  };
  return { sender: owner, method: 'POST', path: '/mcp', headers, body };
}
