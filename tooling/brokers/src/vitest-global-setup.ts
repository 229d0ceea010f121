import type { TestProject } from 'vitest/node';
import { shareBrokers } from './shared-brokers.ts';

/** Lets the test files of a run share brokers: `describeWithBroker` finds them by the port provided here. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = await shareBrokers();
  project.provide('brokersPort', shared.port);
  return () => shared.close();
}
