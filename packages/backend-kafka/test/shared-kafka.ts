import { type LeasedBroker, leaseBroker, startKafka } from '@slack-mcp/brokers';
import { sharedBrokersPort } from '@slack-mcp/brokers/vitest';
import { SHORT_SESSIONS } from './sasl-listener.ts';

/**
 * Leases the Kafka with {@link SHORT_SESSIONS} that harnesses without faults share. In a run without shared brokers,
 * starts one.
 */
export function openSharedKafka(): Promise<LeasedBroker> {
  const port = sharedBrokersPort();
  const settings = { properties: SHORT_SESSIONS };
  return port === undefined ? startKafka(settings) : leaseBroker(port, 'kafka', settings);
}
