import {
  type BackendSubscription,
  createSubscription,
  type Delivery,
  type DeliverySink,
  type DeliverySource,
  resolveConsumeOptions,
  type SettleAttempt,
  type SubscriptionSettings,
} from '../src/backend.ts';
import type { ConsumeOptions, DeadLetter, QueueMessage, Subscription } from '../src/index.ts';

/** A delivery with a number. */
export interface Numbered extends Delivery {
  readonly n: number;
}

/** Options for handing over messages. */
export interface DeliverOptions {
  /** `null`: an independent consumer. */
  group?: string | null;
  /** Earlier deliveries without an outcome. */
  losses?: number;
  interrupted?: boolean;
}

/** A source whose steps are controlled by the test and that records all calls. */
export class ScriptedSource implements DeliverySource<Numbered> {
  /**
   * The calls in order: `open`, `ack 1 2`, `nack 3 0`, `dead-letter 4 CODE`, `release 5 6`, `close`. `give back 5` is
   * the release of a message that was handed out. `again` precedes a repeated attempt.
   */
  readonly calls: string[] = [];
  /** Replace one to make it wait or fail. */
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

  /** Hands over messages with these numbers, by default of a group. */
  deliver(
    numbers: readonly number[],
    { group = 'workers', losses = 0, interrupted = false }: DeliverOptions = {},
    hand: (delivery: Numbered) => void = (delivery) => this.sink.deliver(delivery),
  ): void {
    for (const n of numbers) {
      const counts = { retryCount: 0, deliveryCount: 1 + losses };
      const metadata = { messageId: `m${n}`, timestamp: 0, ...counts, key: 'events', headers: {} };
      const delivery = { n, interrupted, payload: { n }, metadata: group === null ? metadata : { ...metadata, group } };
      this.deliveries.set(n, delivery);
      hand(delivery);
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

  ack(deliveries: readonly Numbered[], attempt: SettleAttempt): Promise<readonly Numbered[]> {
    this.#note(`ack ${numbersOf(deliveries)}`, attempt);
    return this.onAck(deliveries);
  }

  nack({ n }: Numbered, { delayMs }: { delayMs: number }, attempt: SettleAttempt): Promise<void> {
    this.#note(`nack ${n} ${delayMs}`, attempt);
    return this.onSettle();
  }

  deadLetter({ n }: Numbered, reason: DeadLetter['reason'], attempt: SettleAttempt): Promise<void> {
    const { code, name, message } = reason;
    this.#note(`dead-letter ${n} ${[code, name, message].join(' ')}`, attempt);
    return this.onSettle();
  }

  release(deliveries: readonly Numbered[], { begun }: { begun: boolean }, attempt: SettleAttempt): Promise<void> {
    this.#note(`${begun ? 'give back' : 'release'} ${numbersOf(deliveries)}`, attempt);
    return this.onSettle();
  }

  close(): Promise<void> {
    this.calls.push('close');
    return this.onClose();
  }

  #note(call: string, { repeated }: SettleAttempt): void {
    this.calls.push(repeated ? `again ${call}` : call);
  }
}

/** A source that records begun deliveries: `begin 1 2`. */
export class CountingSource extends ScriptedSource {
  onBegin: () => Promise<void> = () => Promise.resolve();

  begin(deliveries: readonly Numbered[]): Promise<void> {
    this.calls.push(`begin ${numbersOf(deliveries)}`);
    return this.onBegin();
  }
}

function numbersOf(deliveries: readonly Numbered[]): string {
  return deliveries.map(({ n }) => n).join(' ');
}

/** A subscription over `source`. */
export function subscribe(
  source: ScriptedSource,
  options: ConsumeOptions = {},
  settings?: SubscriptionSettings,
): BackendSubscription {
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
