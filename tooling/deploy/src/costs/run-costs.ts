import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrokerName, type StartedBroker, startBroker } from '@slack-mcp/brokers';
import { EventBooks } from '../load/event-books.ts';
import { createEventSender } from '../load/event-sender.ts';
import { followJournal } from '../load/follow-journal.ts';
import { type Installation, startInstallation } from '../load/installation.ts';
import { residentMemory } from '../resident-memory.ts';
import { connectAgents } from './agents.ts';
import { connectionsTo, processorTime } from './process-use.ts';

/** Options of {@link runCosts}. */
export interface CostsOptions {
  readonly broker: BrokerName;
  /** Events per second. 278 are a million an hour. */
  readonly rate: number;
  readonly seconds: number;
  /** Number of MCP clients with a session and an open stream. */
  readonly agents: number;
  /** Number of configured workspaces. */
  readonly workspaces: number;
  readonly progress: (line: string) => void;
}

/** What the parts of an installation use. Times are processor time in microseconds. */
export interface Costs {
  readonly broker: BrokerName;
  readonly rate: number;
  readonly perEvent: { readonly server: number; readonly worker: number; readonly broker: number };
  /** Connections of each process to the broker. */
  readonly connections: { readonly server: number; readonly worker: number };
  /** Resident memory in MiB. */
  readonly memoryMiB: {
    readonly started: number;
    readonly afterEvents: number;
    readonly worker: number;
    /** With all agents connected, before their first call and after it. */
    readonly agentsIdle: number;
    readonly agentsCalled: number;
  };
  /** Processor time of the server for a tool call that reads a channel of the simulated workspace. */
  readonly perCall: number;
}

const SECRET = 'costs-signing-secret';
const WARM_UP_SECONDS = 5;
const POLL_MS = 50;

/** Measures what a server, a worker and a broker use for events at a fixed rate, and the server for MCP clients. */
export async function runCosts(options: CostsOptions): Promise<Costs> {
  const folder = mkdtempSync(join(tmpdir(), 'costs-'));
  const journal = join(folder, 'handled');
  writeFileSync(journal, '');
  try {
    await using broker = await startBroker(options.broker);
    await using installation = await startInstallation({
      ...{ broker, journal, signingSecret: SECRET },
      ...{ built: true, workspaces: options.workspaces },
    });
    return await measure(options, broker, installation, journal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  { rate, seconds, agents, workspaces, progress }: CostsOptions,
  broker: StartedBroker,
  { server, worker, address }: Installation,
  journal: string,
): Promise<Costs> {
  const [serverPid = 0, workerPid = 0, brokerPid = 0] = [server.process.pid, worker.process.pid, broker.pid];
  const started = await residentMemory(serverPid);
  const books = new EventBooks();
  const follower = followJournal(journal, (event) => books.handled(event));
  const sender = createEventSender({ address, signingSecret: SECRET, books, retryAfterMs: [0] });
  const allHandled = async (): Promise<void> => {
    await sender.settled();
    while (books.handledCount < books.acceptedCount) {
      await sleep(POLL_MS);
      follower.read();
    }
  };
  progress(`${rate} events/s for ${seconds} s`);
  await sender.atRate(rate, WARM_UP_SECONDS * 1_000);
  await allHandled();
  const times = (): number[] => [serverPid, workerPid, brokerPid].map(processorTime);
  const before = times();
  const earlier = books.handledCount;
  await sender.atRate(rate, seconds * 1_000);
  await allHandled();
  const after = times();
  const events = books.handledCount - earlier;
  const perEvent = (index: number): number => Math.round(((after[index] ?? 0) - (before[index] ?? 0)) / events);
  sender.close();
  follower.close();
  const connections = {
    server: connectionsTo(serverPid, broker.port),
    worker: connectionsTo(workerPid, broker.port),
  };
  const [afterEvents, workerMemory] = [await residentMemory(serverPid), await residentMemory(workerPid)];
  progress(`${agents} MCP clients`);
  const connected = await connectAgents(address, agents);
  try {
    const agentsIdle = await residentMemory(serverPid);
    const beforeCalls = processorTime(serverPid);
    await connected.call('slack_read_channel_messages', {
      ...{ channel: 'general', limit: 5 },
      ...(workspaces > 1 && { team: 'w1' }),
    });
    const perCall = Math.round((processorTime(serverPid) - beforeCalls) / agents);
    const agentsCalled = await residentMemory(serverPid);
    return {
      ...{ broker: broker.name, rate, connections, perCall },
      perEvent: { server: perEvent(0), worker: perEvent(1), broker: perEvent(2) },
      memoryMiB: { started, afterEvents, worker: workerMemory, agentsIdle, agentsCalled },
    };
  } finally {
    connected.close();
  }
}
