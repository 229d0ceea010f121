import type { BrokerName, BrokerSource } from '../broker.ts';
import { BrokerUnavailableError } from '../broker-unavailable-error.ts';
import { readEnvironment } from '../environment.ts';

/** A source of a broker. */
export interface Source<T> {
  readonly source: BrokerSource;
  /** What starting the broker needs, or the reason why this source failed. */
  readonly find: () => Promise<T | string>;
}

/**
 * Tries the sources in order.
 *
 * @throws {BrokerUnavailableError} if no source works, or with `BROKERS=skip`
 */
export async function firstThatWorks<T extends object>(
  broker: BrokerName,
  sources: readonly Source<T>[],
  remedy: string,
): Promise<T & { source: BrokerSource }> {
  if (readEnvironment().mode === 'skip') {
    throw new BrokerUnavailableError(broker, ['BROKERS=skip is set'], 'unset BROKERS');
  }
  const reasons: string[] = [];
  for (const { source, find } of sources) {
    const found = await find();
    if (typeof found !== 'string') return { ...found, source };
    reasons.push(found);
  }
  throw new BrokerUnavailableError(broker, reasons, remedy);
}
