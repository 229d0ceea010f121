import type { BrokerName, BrokerSource, StartedBroker } from './broker.ts';
import type { BrokerFolder } from './broker-folder.ts';
import { BrokerProcess, type BrokerProcessDefinition } from './broker-process.ts';

/** The differences between brokers. */
export interface OwnedBrokerDefinition extends BrokerProcessDefinition {
  readonly name: BrokerName;
  readonly source: BrokerSource;
  readonly version: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly folder: BrokerFolder;
  closeConnections(): Promise<void>;
  wipe(): Promise<void>;
}

/** Starts a private broker. A failed start leaves nothing behind. */
export async function startOwnedBroker(definition: OwnedBrokerDefinition): Promise<StartedBroker> {
  const { name, source, version, env, folder, closeConnections, wipe } = definition;
  const process = new BrokerProcess(definition);
  const startedAt = performance.now();
  try {
    await process.start();
  } catch (error) {
    await folder.remove();
    throw error;
  }
  const startupMs = Math.round(performance.now() - startedAt);
  const { host, port, url } = process;
  const dispose = (): Promise<void> => folder.remove();
  return {
    ...{ name, source, version, host, port, url, env, folder: folder.path, startupMs },
    get pid() {
      return process.pid;
    },
    stop: () => process.stop(),
    kill: () => process.kill(),
    restart: () => process.restart(),
    pause: () => process.pause(),
    resume: () => process.resume(),
    closeConnections,
    wipe,
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
