import type { BrokerName } from './broker.ts';

/** A broker is not available on this machine. */
export class BrokerUnavailableError extends Error {
  override readonly name = 'BrokerUnavailableError';
  readonly broker: BrokerName;
  /** Why each source failed. */
  readonly reasons: readonly string[];
  /** How to get the broker. */
  readonly remedy: string;

  constructor(broker: BrokerName, reasons: readonly string[], remedy: string) {
    super(`${broker} is not available: ${reasons.join('; ')}. To get it: ${remedy}`);
    this.broker = broker;
    this.reasons = reasons;
    this.remedy = remedy;
  }
}
