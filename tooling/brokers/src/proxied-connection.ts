import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Direction, directions } from './direction.ts';
import type { FaultProxyOptions } from './fault-proxy-options.ts';
import type { FaultState } from './fault-state.ts';
import { Gate } from './gate.ts';

/** Reading from a sender pauses while more bytes than this are held. */
const maxHeldBytes = 1 << 20;

/** Throttled bytes pass in this many portions per second. */
const portionsPerSecond = 20;

/** A client's connection, and the matching connection to the broker. */
export class ProxiedConnection {
  #heldBytes = 0;
  #droppedBytes = 0;
  readonly #client: Socket;
  readonly #faults: FaultState;
  /** Shut while this connection is stalled. */
  readonly #gates: Readonly<Record<Direction, Gate>> = { 'to-broker': new Gate(), 'to-client': new Gate() };
  /** For the end of a direction, which a stall holds back longer than its bytes. */
  readonly #ends: Readonly<Record<Direction, Gate>> = { 'to-broker': new Gate(), 'to-client': new Gate() };
  #broker: Socket | undefined;

  constructor(client: Socket, target: () => FaultProxyOptions['target'], faults: FaultState) {
    this.#client = client;
    this.#faults = faults;
    client.on('error', () => undefined).setNoDelay(true);
    void this.#connect(target);
  }

  /** Bytes that were received and not yet passed on. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  stall(direction?: Direction): void {
    for (const each of direction ? [direction] : directions) {
      this.#gates[each].shut();
      this.#ends[each].shut();
    }
  }

  /** Passes the bytes that a stall held back, but not the end of the connection. */
  release(): void {
    for (const each of directions) this.#gates[each].open();
  }

  heal(): void {
    this.release();
    for (const each of directions) this.#ends[each].open();
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#broker?.resetAndDestroy();
  }

  async #connect(target: () => FaultProxyOptions['target']): Promise<void> {
    await this.#faults.gate.opened;
    const address = target();
    if (address === undefined || this.#client.destroyed) return this.reset();
    const { port, host = '127.0.0.1' } = address;
    const broker = connect({ port, host, allowHalfOpen: true, noDelay: true });
    this.#broker = broker;
    try {
      await once(broker, 'connect');
    } catch {
      return this.reset();
    }
    if (this.#client.destroyed) return this.reset();
    this.#pass(this.#client, broker, 'to-broker');
    this.#pass(broker, this.#client, 'to-client');
  }

  /** Passes one direction in order: each step starts when the previous one is done. */
  #pass(from: Socket, to: Socket, direction: Direction): void {
    let held = 0;
    let last = Promise.resolve();
    from.on('error', () => undefined);
    from.on('data', (chunk: Buffer) => {
      const arrivedAt = performance.now();
      held += chunk.length;
      this.#heldBytes += chunk.length;
      if (held > maxHeldBytes) from.pause();
      last = last.then(async () => {
        await this.#passChunk(chunk, arrivedAt, to, direction);
        held -= chunk.length;
        this.#heldBytes -= chunk.length;
        if (held <= maxHeldBytes) from.resume();
      });
    });
    from.once('end', () => {
      last = last.then(() => this.#mayEnd(direction)).then(() => void to.end());
    });
    from.once('close', (failed: boolean) => {
      last = last
        .then(() => this.#mayEnd(direction))
        .then(() => void (failed ? to.resetAndDestroy() : to.destroySoon()));
    });
    from.resume();
  }

  async #passChunk(chunk: Buffer, arrivedAt: number, to: Socket, direction: Direction): Promise<void> {
    await this.#wait(arrivedAt + this.#faults.delayMs - performance.now());
    for (let rest = chunk; rest.length > 0; ) {
      await this.#opened(direction);
      if (to.destroyed) return;
      if (this.#faults.drops(direction)) {
        this.#droppedBytes += rest.length;
        return;
      }
      const rate = this.#faults.bytesPerSecond;
      const portion = rest.subarray(0, Math.max(1, Math.ceil(rate / portionsPerSecond)));
      rest = rest.subarray(portion.length);
      await this.#wait((portion.length / rate) * 1_000);
      await new Promise((resolve) => to.write(portion, resolve));
    }
  }

  async #opened(direction: Direction): Promise<void> {
    await this.#gates[direction].opened;
    await this.#faults.gate.opened;
  }

  async #mayEnd(direction: Direction): Promise<void> {
    await this.#ends[direction].opened;
    await this.#opened(direction);
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.#faults.healing }).catch(() => undefined);
  }
}
