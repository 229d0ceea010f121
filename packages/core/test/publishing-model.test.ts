import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createPublisher,
  type OutgoingMessage,
  type PublishOutcome,
  type PublishReport,
  type PublishTarget,
} from '../src/backend.ts';
import { ConnectionError, PublishError } from '../src/index.ts';
import { numberOf } from './scripted-target.ts';

interface Weather {
  /** Random numbers from 0 to 99, used one after another; 0 when they are used up. */
  readonly chances: readonly number[];
  readonly depth: number;
  readonly storesPastGaps: boolean;
  readonly movesLanes: boolean;
}

const UNKNOWN: PublishOutcome = { status: 'unknown', error: new ConnectionError('lost') };
const REFUSED: PublishOutcome = { status: 'refused', error: new ConnectionError('not now'), retry: true };
const FINAL: PublishOutcome = { status: 'refused', error: new PublishError('never'), retry: false };

/** A broker that refuses messages, loses answers and moves its lanes until its random numbers are used up. */
class FickleTarget implements PublishTarget {
  readonly depth: number;
  readonly maxBatch = 4;
  readonly storesPastGaps: boolean;
  /** The stored messages in order, including copies. */
  readonly stored: number[] = [];
  readonly refused = new Set<number>();
  mostUnderWay = 0;
  readonly #movesLanes: boolean;
  readonly #chances: Iterator<number>;
  readonly #underWay = new Map<string, number>();
  readonly #gaps = new Set<string>();

  constructor({ chances, depth, storesPastGaps, movesLanes }: Weather) {
    this.depth = depth;
    this.storesPastGaps = storesPastGaps;
    this.#movesLanes = movesLanes;
    this.#chances = chances.values();
  }

  laneOf({ key, orderingKey }: OutgoingMessage['message']): string {
    return this.#movesLanes && orderingKey !== undefined ? `${key}-${this.#chance() % 3}` : key;
  }

  connect(): Promise<void> | undefined {
    const chance = this.#chance();
    if (chance < 90) return undefined;
    return chance < 95 ? nextTurn() : Promise.reject(new ConnectionError('away'));
  }

  async send(lane: string, batch: readonly OutgoingMessage[], report: PublishReport): Promise<PublishOutcome> {
    const underWay = (this.#underWay.get(lane) ?? 0) + 1;
    this.#underWay.set(lane, underWay);
    this.mostUnderWay = Math.max(this.mostUnderWay, underWay);
    if (underWay === 1) this.#gaps.delete(lane);
    const outcome = this.storesPastGaps ? this.#storeSingly(batch, report) : this.#storeInOrder(lane, batch, report);
    for (let turns = this.#chance() % 4; turns > 0; turns -= 1) await nextTurn();
    this.#underWay.set(lane, (this.#underWay.get(lane) ?? 0) - 1);
    if (this.#chance() > 95) throw new ConnectionError('lost');
    return outcome;
  }

  /** Stores no message after one that is not stored, unless that one will never be stored. */
  #storeInOrder(lane: string, batch: readonly OutgoingMessage[], report: PublishReport): PublishOutcome {
    if (this.#gaps.has(lane)) return { status: 'skipped' };
    for (const [index, outgoing] of batch.entries()) {
      const outcome = this.#store(outgoing);
      report(index, outcome);
      if (outcome === FINAL || outcome.status === 'stored') continue;
      this.#gaps.add(lane);
      return outcome === UNKNOWN ? UNKNOWN : { status: 'skipped' };
    }
    return { status: 'stored' };
  }

  #storeSingly(batch: readonly OutgoingMessage[], report: PublishReport): PublishOutcome {
    for (const [index, outgoing] of batch.entries()) report(index, this.#store(outgoing));
    return UNKNOWN;
  }

  #store(outgoing: OutgoingMessage): PublishOutcome {
    const chance = this.#chance();
    const number = numberOf(outgoing);
    if (chance >= 97 && !this.stored.includes(number)) {
      this.refused.add(number);
      return FINAL;
    }
    if (chance >= 90) return REFUSED;
    if (chance < 84) this.stored.push(number);
    return chance < 80 ? { status: 'stored' } : UNKNOWN;
  }

  #chance(): number {
    const next = this.#chances.next();
    return next.done === true ? 0 : next.value;
  }
}

const weather: fc.Arbitrary<Weather> = fc.record({
  chances: fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 400, size: 'max' }),
  depth: fc.integer({ min: 1, max: 3 }),
  storesPastGaps: fc.boolean(),
  movesLanes: fc.boolean(),
});

test('property: stores or rejects each message in the order of its ordering key, whatever the broker does', async () => {
  const run = async (conditions: Weather): Promise<void> => {
    const target = new FickleTarget(conditions);
    const publisher = createPublisher(target, { broker: 'Test', maxPayloadBytes: null, retryDelayMs: 0 });
    const outcomes: Promise<'stored' | 'refused'>[] = [];
    const names = ['C1', 'C2', undefined] as const;
    for (let n = 0; n < 60; n += 1) {
      const orderingKey = names[n % names.length];
      const publishing = publisher.publish('events', { n }, orderingKey === undefined ? {} : { orderingKey });
      outcomes.push(
        publishing.then(
          () => 'stored',
          () => 'refused',
        ),
      );
      if (n % 7 === 0) await nextTurn();
    }
    const settled = await Promise.all(outcomes);
    await publisher.close(0);
    const first = [...new Set(target.stored)];
    for (const [n, outcome] of settled.entries()) {
      if (outcome === 'stored') expect(first).toContain(n);
      else expect(target.refused).toContain(n);
    }
    // Without an ordering key, the order is kept only if the target does not store past gaps.
    const ordered = conditions.storesPastGaps ? [0, 1] : [0, 1, 2];
    for (const lane of ordered) {
      const numbers = first.filter((n) => n % names.length === lane);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
    expect(target.mostUnderWay).toBeLessThanOrEqual(conditions.depth);
  };
  await fc.assert(fc.asyncProperty(weather, run), { numRuns: 100 });
});
