import type { TestProject } from 'vitest/node';
import { shareBrokers } from './shared-brokers.ts';

/** Shares brokers between the test files of a run: `describeWithBroker` finds them through the port provided here. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = await shareBrokers();
  project.provide('brokersPort', shared.port);
  return () => shared.close();
}
