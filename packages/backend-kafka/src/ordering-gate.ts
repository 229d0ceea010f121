import type { IncomingRecord } from './driver/index.ts';

/** A message of a partition. */
interface Ordered {
  readonly offset: number;
  record?: IncomingRecord;
}

/** Holds back messages while an earlier message of their ordering key waits to be delivered again. */
export class OrderingGate<M extends Ordered> {
  /** The messages of each ordering key that wait to be delivered again, in ascending order of offset. */
  readonly #retried = new Map<string, M[]>();
  readonly #waiting = new Map<string, M[]>();
  #count = 0;

  /** Number of messages that are held back. */
  get waiting(): number {
    return this.#count;
  }

  /** Holds back later messages of the message's ordering key until the message is settled. */
  block(message: M): void {
    const key = keyOf(message);
    if (key === undefined) return;
    const retried = this.#retried.get(key) ?? [];
    if (retried.includes(message)) return;
    this.#retried.set(key, [...retried, message].sort(byOffset));
  }

  /** Whether the message must wait. The gate stores a message that must wait. */
  holdBack(message: M): boolean {
    if (this.#retried.size === 0) return false;
    const key = keyOf(message);
    const first = key === undefined ? undefined : this.#retried.get(key)?.[0];
    if (key === undefined || first === undefined || first.offset >= message.offset) return false;
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), message]);
    this.#count += 1;
    return true;
  }

  /** Removes a settled message. Returns the messages that no longer have to wait. */
  open(message: M): readonly M[] {
    const key = this.#retried.size === 0 ? undefined : keyOf(message);
    const retried = key === undefined ? undefined : this.#retried.get(key);
    if (key === undefined || retried === undefined || !retried.includes(message)) return [];
    const left = retried.filter((other) => other !== message);
    const waiting = this.#waiting.get(key) ?? [];
    const first = left[0];
    const [free, kept] = [
      waiting.filter((each) => isFree(each, first)),
      waiting.filter((each) => !isFree(each, first)),
    ];
    if (first === undefined) this.#retried.delete(key);
    else this.#retried.set(key, left);
    if (kept.length === 0) this.#waiting.delete(key);
    else this.#waiting.set(key, kept);
    this.#count -= free.length;
    return free;
  }
}

function isFree({ offset }: Ordered, first: Ordered | undefined): boolean {
  return first === undefined || offset <= first.offset;
}

function byOffset(a: Ordered, b: Ordered): number {
  return a.offset - b.offset;
}

export function keyOf({ record }: Ordered): string | undefined {
  return record?.keyText || undefined;
}
