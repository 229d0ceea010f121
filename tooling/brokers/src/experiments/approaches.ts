import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfirmChannel } from 'amqplib';
import type { Site } from './site.ts';

/** The input of an approach: a new queue and the channel that publishes to it. */
export interface YoungQueue {
  readonly name: string;
  readonly channel: ConfirmChannel;
}

/** A way to make a new quorum queue safe before the measured message. */
export interface Approach {
  readonly name: string;
  /** Arguments of the queue. Default: a quorum queue. */
  readonly arguments?: Readonly<Record<string, unknown>>;
  /** Terms for the `advanced.config` of the broker. */
  readonly advanced?: readonly string[];
  /** Runs before the queue is declared. */
  before?(site: Site): Promise<void>;
  /** Runs between the declaration and the measured message. */
  settle?(queue: YoungQueue): Promise<void>;
  /** Runs after the confirm of that message. */
  after?(queue: YoungQueue): Promise<void>;
}

const QUORUM = { 'x-queue-type': 'quorum' };

/** Approaches in the order of measurement. */
export const approaches: readonly Approach[] = [
  { name: 'nothing' },
  { name: 'classic queue, for comparison', arguments: { 'x-queue-type': 'classic' } },
  { name: 'a first message, confirmed', settle: publish },
  { name: 'a first message, confirmed, consumed and acked', settle: passMessage },
  {
    name: 'passive declare',
    settle: async ({ channel, name }) => void (await channel.checkQueue(name)),
  },
  { name: 'x-quorum-initial-group-size: 1', arguments: { ...QUORUM, 'x-quorum-initial-group-size': 1 } },
  {
    name: 'every write of the Raft log synced (o_sync)',
    advanced: ['{ra, [{wal_sync_method, sync}, {wal_write_strategy, o_sync}]}'],
  },
  { name: 'the message published again after its confirm', after: publish },
  ...[100, 250, 400, 600, 1_000].map((ms) => ({
    name: `wait ${ms} ms`,
    settle: async (): Promise<void> => sleep(ms),
  })),
  { name: 'another quorum queue declared', settle: (queue) => declareOther(queue) },
  {
    name: 'another quorum queue declared that expires by itself',
    settle: (queue) => declareOther(queue, { 'x-expires': 60_000 }),
  },
  {
    name: 'another quorum queue declared and deleted',
    async settle(queue) {
      await declareOther(queue);
      await queue.channel.deleteQueue(otherName(queue));
    },
  },
  {
    name: 'another quorum queue declared after the confirm',
    after: (queue) => declareOther(queue),
  },
  {
    name: 'names.dets written by the broker, for the cause',
    before: writeNextName,
    // Not sufficient alone: see above.
    settle: async () => sleep(100),
  },
];

async function publish({ channel, name }: YoungQueue): Promise<void> {
  channel.sendToQueue(name, Buffer.from('first'), { persistent: true });
  await channel.waitForConfirms();
}

async function passMessage(queue: YoungQueue): Promise<void> {
  const { channel, name } = queue;
  await publish(queue);
  const consumed = Promise.withResolvers<void>();
  const { consumerTag } = await channel.consume(name, (message) => {
    if (message === null) return consumed.reject(new Error('the consumer was cancelled'));
    channel.ack(message);
    consumed.resolve();
  });
  await consumed.promise;
  await channel.cancel(consumerTag);
}

function otherName({ name }: YoungQueue): string {
  return `${name}-other`;
}

async function declareOther(queue: YoungQueue, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await queue.channel.assertQueue(otherName(queue), { durable: true, arguments: { ...QUORUM, ...more } });
}

/**
 * Makes the broker write its table of names as soon as a name is added, without touching the queue. Resolves when the
 * broker is watching the table.
 */
async function writeNextName(site: Site): Promise<void> {
  const names = '#{names := #{directory := D, directory_rev := R}} = ra_system:fetch(quorum_queues)';
  const write = 'timer:sleep(5), dets:sync(R)';
  const watch = `fun W(Old) -> case ets:info(D, size) of Old -> timer:sleep(1), W(Old); _ -> ${write} end end`;
  await site.ctl('eval', `${names}, Old = ets:info(D, size), spawn(fun() -> (${watch})(Old) end).`);
}
