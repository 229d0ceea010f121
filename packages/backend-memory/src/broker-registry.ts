import { MemoryBroker } from './broker.ts';

/**
 * The brokers of this process by name. On `globalThis`, because two copies of this package in one process (two
 * versions in a dependency tree, a bundle beside its sources) must share their queues like two instances of one copy.
 * The number names the form of what is stored: copies that differ in it do not meet.
 */
const REGISTRY = Symbol.for('@slack-mcp/backend-memory/brokers/1');

function brokers(): Map<string, MemoryBroker> {
  const holder = globalThis as { [REGISTRY]?: Map<string, MemoryBroker> };
  holder[REGISTRY] ??= new Map();
  return holder[REGISTRY];
}

/** The broker of that name, if an instance uses it. */
export function findBroker(name: string): MemoryBroker | undefined {
  return brokers().get(name);
}

/** Joins the instances that use the broker of that name. */
export function joinBroker(name: string): MemoryBroker {
  let broker = brokers().get(name);
  if (broker === undefined) {
    broker = new MemoryBroker();
    brokers().set(name, broker);
  }
  broker.instances += 1;
  return broker;
}

/** Leaves it. Whether this was the last instance: its queues are gone then. */
export function leaveBroker(name: string, broker: MemoryBroker): boolean {
  broker.instances -= 1;
  if (broker.instances > 0) return false;
  if (brokers().get(name) === broker) brokers().delete(name);
  return true;
}
