import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { namespace } from '../namespace.ts';
import { waitFor } from '../wait-for.ts';
import type { Approach } from './approaches.ts';
import { type Site, startSite, type Victims } from './site.ts';

/** How often an approach lost a confirmed message. */
export interface ApproachResult {
  readonly approach: string;
  readonly version: string;
  readonly victims: Victims;
  readonly kills: number;
  /** Kills after which the message was missing. */
  readonly lost: number;
  /** The part of these kills after which the queue existed without a leader and did not respond. */
  readonly unusable: number;
  /** Median milliseconds from the start of the declaration to the confirm of the measured message. */
  readonly medianMs: number;
}

export interface MeasureOptions {
  /** Default 20. */
  readonly kills?: number;
  /** Default: the newest. */
  readonly version?: string | undefined;
  /** Default `node`. */
  readonly victims?: Victims;
}

/** Latest time of the kill after the confirm, in milliseconds. */
const LATEST_KILL_MS = 100;

/** Milliseconds without a leader after which a queue counts as unusable. */
const LEADERLESS_MS = 10_000;

/**
 * Repeatedly declares a queue, publishes a persistent message and kills the broker after the confirm. A message that is
 * missing after the restart is lost.
 */
export async function measureApproach(approach: Approach, options: MeasureOptions = {}): Promise<ApproachResult> {
  const { kills = 20, version, victims = 'node' } = options;
  await using site = await startSite({ version, victims, advanced: approach.advanced });
  const times: number[] = [];
  const outcomes: Outcome[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const queue = namespace('young');
    times.push(await publishAndKill(site, queue, approach, (kill / kills) * LATEST_KILL_MS));
    await site.restart();
    outcomes.push(await look(site, queue));
  }
  const medianMs = Math.round(times.sort((a, b) => a - b)[Math.floor(times.length / 2)] as number);
  const lost = outcomes.filter((outcome) => outcome !== 'kept').length;
  const unusable = outcomes.filter((outcome) => outcome === 'unusable').length;
  return { approach: approach.name, version: site.version, victims, kills, lost, unusable, medianMs };
}

/** Resolves to the milliseconds until the confirm, after the broker is dead. */
async function publishAndKill(site: Site, name: string, approach: Approach, killAfterMs: number): Promise<number> {
  const connection = await connect(site.url, { noDelay: true });
  connection.on('error', () => undefined);
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => undefined);
  await approach.before?.(site);
  const startedAt = performance.now();
  await channel.assertQueue(name, { durable: true, arguments: approach.arguments ?? { 'x-queue-type': 'quorum' } });
  const queue = { name, channel };
  await approach.settle?.(queue);
  channel.sendToQueue(name, Buffer.from('counts'), { persistent: true });
  await channel.waitForConfirms();
  await approach.after?.(queue);
  const tookMs = performance.now() - startedAt;
  await sleep(killAfterMs);
  await site.kill(name);
  return tookMs;
}

type Outcome = 'kept' | 'lost' | 'unusable';

/**
 * A queue without a leader closes the connection of a client that requests a message (older versions after a minute),
 * so the request is repeated until it succeeds or times out.
 */
async function look(site: Site, queue: string): Promise<Outcome> {
  const asked = waitFor('the queue', async () => ({ found: await contains(site, queue) }), {
    timeoutMs: LEADERLESS_MS,
  });
  const answer = await Promise.race([asked.catch(() => undefined), sleep(LEADERLESS_MS, undefined)]);
  if (answer === undefined) return 'unusable';
  return answer.found ? 'kept' : 'lost';
}

async function contains(site: Site, queue: string): Promise<boolean> {
  const connection = await connect(site.url);
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    for (;;) {
      const message = await channel.get(queue);
      if (message === false) return false;
      if (message.content.toString() === 'counts') return true;
    }
  } finally {
    await connection.close().catch(() => undefined);
  }
}
