import { createFaultProxy, type FaultProxy } from './fault-proxy.ts';
import type { FaultProxyOptions } from './fault-proxy-options.ts';

/** The faults of a path, as the conformance suite asks for them. */
export interface PathFaults {
  cut(): Promise<void>;
  blackhole(): Promise<void>;
  dropReplies(): Promise<void>;
  stall(direction: Parameters<FaultProxy['stall']>[0]): Promise<void>;
  heal(): Promise<void>;
}

/** A path to a broker on which faults can occur. */
export interface FaultPath {
  /** The proxy to which clients connect. Its address stays the same. */
  readonly proxy: FaultProxy;
  readonly faults: PathFaults;
  close(): Promise<void>;
}

/**
 * Opens a path of two proxies to a broker, so that open connections can stay with a silent proxy while new connections
 * get another.
 *
 * @param proxy - the proxy to which clients connect; default: a new one
 */
export async function openFaultPath(
  target: NonNullable<FaultProxyOptions['target']>,
  proxy?: FaultProxy,
): Promise<FaultPath> {
  const inner = [await createFaultProxy({ target })];
  const outer = proxy ?? (await createFaultProxy({ target: inner[0] as FaultProxy }));
  outer.target = inner[0] as FaultProxy;
  return {
    proxy: outer,
    faults: {
      async cut() {
        outer.refuse();
        outer.reset();
      },
      async blackhole() {
        inner.at(-1)?.blackhole();
        const next = await createFaultProxy({ target });
        inner.push(next);
        outer.target = next;
      },
      async dropReplies() {
        outer.drop('to-client');
      },
      stall: async (direction) => outer.stall(direction),
      heal: async () => outer.heal(),
    },
    async close() {
      for (const one of [outer, ...inner]) await one.close();
    },
  };
}
