import type { BrokerName, BrokerSource, StartedBroker } from './broker.ts';
import type { BrokerFolder } from './broker-folder.ts';
import type { Daemon } from './daemon.ts';
import { waitFor } from './wait-for.ts';

/** What differs between brokers. */
export interface OwnedBrokerDefinition {
  readonly name: BrokerName;
  readonly source: BrokerSource;
  readonly port: number;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly folder: BrokerFolder;
  readonly daemon: Daemon;
  /** Resolves when a true request of its protocol was answered; throws otherwise. */
  probe(): Promise<unknown>;
  closeConnections(): Promise<void>;
  wipe(): Promise<void>;
}

/** Starts a broker of one's own. A start that fails leaves nothing behind. */
export async function startOwnedBroker(definition: OwnedBrokerDefinition): Promise<StartedBroker> {
  const { name, source, port, url, env, folder, daemon, closeConnections, wipe } = definition;
  const startedAt = performance.now();
  try {
    await startDaemon(definition);
  } catch (error) {
    await folder.remove();
    throw error;
  }
  const startupMs = Math.round(performance.now() - startedAt);
  const dispose = (): Promise<void> => folder.remove();
  return {
    ...{ name, source, host: '127.0.0.1', port, url, env, folder: folder.path, startupMs },
    get pid() {
      return daemon.pid;
    },
    stop: () => daemon.stop(),
    kill: () => daemon.kill(),
    async restart() {
      await daemon.stop();
      await startDaemon(definition);
    },
    closeConnections,
    wipe,
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Starts a daemon and waits until it answers. @throws {Error} with the end of its log. */
export async function startDaemon({
  name,
  daemon,
  probe,
}: {
  name: string;
  daemon: Daemon;
  probe(): Promise<unknown>;
}): Promise<void> {
  daemon.start();
  const answered = async (): Promise<boolean> => {
    if (!daemon.running) return true;
    await probe();
    return true;
  };
  try {
    await waitFor(`${name} to answer`, answered, { timeoutMs: 120_000, intervalMs: 50 });
  } catch (error) {
    throw new Error(`${name} does not answer. Its log ends:\n${daemon.logTail()}`, { cause: error });
  }
  if (!daemon.running) throw new Error(`${name} ended while it started. Its log ends:\n${daemon.logTail()}`);
}
