import type { OutgoingMessage, PublishOutcome, PublishReport, PublishTarget, ResolvedPublish } from '../src/backend.ts';

/** A batch that was sent but not answered yet. */
export interface SentBatch {
  readonly lane: string;
  readonly messages: readonly OutgoingMessage[];
  readonly numbers: readonly number[];
  readonly report: PublishReport;
  answer(outcome: PublishOutcome): void;
  fail(error: Error): void;
}

/** A target whose answers are controlled by the test. By default, each key is a lane. */
export class ScriptedTarget implements PublishTarget {
  readonly sent: SentBatch[] = [];
  depth = 1;
  maxBatch = 64;
  maxBatchSize: number = 2 ** 20;
  storesPastGaps = false;
  lane: (message: ResolvedPublish) => string = ({ key }) => key;
  ready: ((lane: string) => Promise<void> | undefined) | undefined;
  #waiting: (() => void)[] = [];

  laneOf(message: ResolvedPublish): string {
    return this.lane(message);
  }

  connect(lane: string): Promise<void> | undefined {
    return this.ready?.(lane);
  }

  send(lane: string, messages: readonly OutgoingMessage[], report: PublishReport): Promise<PublishOutcome> {
    const { promise, resolve, reject } = Promise.withResolvers<PublishOutcome>();
    this.sent.push({ lane, messages, numbers: messages.map(numberOf), report, answer: resolve, fail: reject });
    for (const go of this.#waiting.splice(0)) go();
    return promise;
  }

  /** The next batch. */
  async batch(): Promise<SentBatch> {
    for (;;) {
      const next = this.sent.shift();
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

export function numberOf({ message }: OutgoingMessage): number {
  return (JSON.parse(message.text) as { n: number }).n;
}
