import type { DeadLetter, Delivery, DeliverySink, DeliverySource, QueueMessage, Subscription } from '../src/index.ts';
import {
  type ConsumeOptions,
  createSubscription,
  resolveConsumeOptions,
  type SubscriptionSettings,
} from '../src/index.ts';

/** A delivery with a number. */
export interface Numbered extends Delivery {
  readonly n: number;
}

/** A source whose every step the test decides, and which writes down what it was asked. */
export class ScriptedSource implements DeliverySource<Numbered> {
  /** What was asked, in order: `open`, `ack 1 2`, `nack 3 0`, `dead-letter 4 CODE`, `release 5 6`, `close`. */
  readonly calls: string[] = [];
  /** Replace one to let it wait or fail. */
  onOpen: () => Promise<void> = () => Promise.resolve();
  onAck: (deliveries: readonly Numbered[]) => Promise<readonly Numbered[]> = () => Promise.resolve([]);
  onSettle: () => Promise<void> = () => Promise.resolve();
  onClose: () => Promise<void> = () => Promise.resolve();
  readonly deliveries: Map<number, Numbered> = new Map<number, Numbered>();
  signal: AbortSignal | undefined;
  pulls = 0;
  #sink: DeliverySink<Numbered> | undefined;

  get sink(): DeliverySink<Numbered> {
    if (this.#sink === undefined) throw new Error('not opened');
    return this.#sink;
  }

  /** Hands over messages of these numbers, of a group unless told otherwise. */
  deliver(numbers: readonly number[], group: string | null = 'workers'): void {
    for (const n of numbers) {
      const metadata = { messageId: `m${n}`, timestamp: 0, retryCount: 0, key: 'events', headers: {} };
      const delivery = { n, payload: { n }, metadata: group === null ? metadata : { ...metadata, group } };
      this.deliveries.set(n, delivery);
      this.sink.deliver(delivery);
    }
  }

  open(sink: DeliverySink<Numbered>, signal: AbortSignal): Promise<void> {
    this.calls.push('open');
    this.#sink = sink;
    this.signal = signal;
    return this.onOpen();
  }

  pull(): void {
    this.pulls += 1;
  }

  ack(deliveries: readonly Numbered[]): Promise<readonly Numbered[]> {
    this.calls.push(`ack ${deliveries.map(({ n }) => n).join(' ')}`);
    return this.onAck(deliveries);
  }

  nack({ n }: Numbered, { delayMs }: { delayMs: number }): Promise<void> {
    this.calls.push(`nack ${n} ${delayMs}`);
    return this.onSettle();
  }

  deadLetter({ n }: Numbered, { code, name, message }: DeadLetter['reason']): Promise<void> {
    this.calls.push(`dead-letter ${n} ${[code, name, message].join(' ')}`);
    return this.onSettle();
  }

  release(deliveries: readonly Numbered[]): Promise<void> {
    this.calls.push(`release ${deliveries.map(({ n }) => n).join(' ')}`);
    return this.onSettle();
  }

  close(): Promise<void> {
    this.calls.push('close');
    return this.onClose();
  }
}

/** A subscription over `source`. */
export function subscribe(
  source: ScriptedSource,
  options: ConsumeOptions = {},
  settings?: SubscriptionSettings,
): Subscription {
  const capabilities = { patterns: false, retainsWithoutGroup: true };
  const resolved = resolveConsumeOptions({ group: 'workers', ...options }, { keys: ['events'], capabilities });
  return createSubscription(source, resolved, settings);
}

/** The numbers of the next `count` messages. */
export async function take(subscription: Subscription, count: number): Promise<unknown[]> {
  const numbers: unknown[] = [];
  while (numbers.length < count) numbers.push((await nextMessage(subscription)).payload['n']);
  return numbers;
}

export async function nextMessage(subscription: Subscription): Promise<QueueMessage> {
  const result = await subscription.next();
  if (result.done) throw new Error('the iteration ended');
  return result.value;
}
