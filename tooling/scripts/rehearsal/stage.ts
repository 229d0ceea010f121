import { join } from 'node:path';
import { type Broker, type BrokerName, type StartedBroker, startBroker } from '../../brokers/src/index.ts';
import { createApplication, type Installation, install, type Manager } from './installation.ts';
import type { LocalRegistry } from './local-registry.ts';

/** Options of {@link Stage}. */
export interface StageOptions {
  /** The root of the repository. */
  readonly root: string;
  readonly registry: LocalRegistry;
  /** An empty folder. */
  readonly work: string;
  readonly yarn: string;
  readonly yarnCache: string;
}

/** What the parts of a rehearsal share: each installation and each broker is created once, when a part needs it. */
export class Stage {
  readonly registry: LocalRegistry;
  readonly root: string;
  readonly #options: StageOptions;
  readonly #installations = new Map<string, Promise<Installation>>();
  readonly #brokers = new Map<BrokerName, Promise<StartedBroker>>();

  constructor(options: StageOptions) {
    this.#options = options;
    this.registry = options.registry;
    this.root = options.root;
  }

  /** A new application without dependencies. */
  application(name: string): Promise<string> {
    return createApplication(join(this.#options.work, name), this.registry);
  }

  /** @param name - of the folder: two calls with the same name get the same installation */
  installation(name: string, manager: Manager, packages: readonly string[]): Promise<Installation> {
    const known = this.#installations.get(name);
    if (known !== undefined) return known;
    const created = install(manager, packages, join(this.#options.work, name), this.#options);
    this.#installations.set(name, created);
    return created;
  }

  broker(name: BrokerName): Promise<Broker> {
    const known = this.#brokers.get(name);
    if (known !== undefined) return known;
    const started = startBroker(name);
    this.#brokers.set(name, started);
    return started;
  }

  async close(): Promise<void> {
    for (const started of this.#brokers.values()) await started.then((broker) => broker.dispose()).catch(() => {});
  }
}
