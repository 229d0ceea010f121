import { MemoryBroker } from './broker.ts';

/**
 * The key under which `globalThis` stores the brokers of this process. Two copies of this package in one process, for
 * example two versions in a dependency tree, thus share their queues. The number in the key is the version of the
 * stored data: copies with different versions do not share queues.
 */
const REGISTRY = Symbol.for('@slack-mcp/backend-memory/brokers/1');

function brokers(): Map<string, MemoryBroker> {
  const holder = globalThis as { [REGISTRY]?: Map<string, MemoryBroker> };
  holder[REGISTRY] ??= new Map();
  return holder[REGISTRY];
}

/** Returns the broker with this name, if any instance uses it. */
export function findBroker(name: string): MemoryBroker | undefined {
  return brokers().get(name);
}

/** Adds an instance to the broker with this name and returns the broker. */
export function joinBroker(name: string): MemoryBroker {
  let broker = brokers().get(name);
  if (broker === undefined) {
    broker = new MemoryBroker();
    brokers().set(name, broker);
  }
  broker.instances += 1;
  return broker;
}

/** Removes an instance from its broker. If no instance is left, deletes the queues and returns true. */
export function leaveBroker(name: string, broker: MemoryBroker): boolean {
  broker.instances -= 1;
  if (broker.instances > 0) return false;
  if (brokers().get(name) === broker) brokers().delete(name);
  return true;
}
