import { lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { acceptsConnections } from './accepts-connections.ts';
import { type Broker, type BrokerName, brokerNames } from './broker.ts';
import { isInUse, releaseFolder } from './broker-folder.ts';
import { portNear } from './free-ports.ts';
import { startBroker } from './open-broker.ts';
import { withMachineLock } from './provision/machine-lock.ts';
import { satisfies } from './version.ts';

/** The state of a broker between commands, stored in its folder. */
export interface DeveloperBroker extends Pick<Broker, 'name' | 'source' | 'version' | 'url' | 'env'> {
  readonly port: number;
}

const usualPorts: Readonly<Record<BrokerName, number>> = { redis: 6379, rabbitmq: 5672, kafka: 9092 };

/** Brokers that run until you stop them, at most one of each kind per user. */
export class DeveloperBrokers {
  readonly #folder: string;

  constructor(folder: string = join(realpathSync(tmpdir()), `slack-mcp-brokers-${userInfo().uid}`)) {
    this.#folder = folder;
  }

  /**
   * Starts a broker unless it is already running.
   *
   * @param wanted - the version or its beginning. Default: see {@link StartOptions.version}
   * @throws {BrokerUnavailableError}
   * @throws {Error} if another version is running
   */
  up(name: BrokerName, wanted?: string): Promise<DeveloperBroker> {
    return withMachineLock(`developer-${name}`, async () => {
      const running = await this.find(name);
      if (running !== undefined) {
        if (satisfies(running.version ?? '', wanted)) return running;
        const found = `${name} ${running.version ?? 'of an unknown version'} is up`;
        throw new Error(`${found}, not ${wanted}: end it first with pnpm brokers down ${name}`);
      }
      mkdirSync(this.#folder, { recursive: true, mode: 0o755 });
      const keepIn = this.#folderOf(name);
      await releaseFolder(keepIn);
      const options = { keepIn, port: await portNear(usualPorts[name]), version: wanted };
      const { source, version, url, env, port } = await startBroker(name, options);
      const broker: DeveloperBroker = { name, source, version, url, env, port };
      writeFileSync(join(keepIn, 'broker.json'), JSON.stringify(broker));
      return broker;
    });
  }

  /** Stops a broker and removes its data. Resolves to whether it was running. */
  down(name: BrokerName): Promise<boolean> {
    return withMachineLock(`developer-${name}`, async () => {
      const folder = this.#folderOf(name);
      const ran = await isInUse(folder);
      await releaseFolder(folder);
      await rmdir(this.#folder).catch(() => undefined);
      return ran;
    });
  }

  /** The running brokers. */
  async list(): Promise<DeveloperBroker[]> {
    const found = await Promise.all(brokerNames.map((name) => this.find(name)));
    return found.filter((broker) => broker !== undefined);
  }

  /** The broker with this name, if it runs and accepts connections. */
  async find(name: BrokerName): Promise<DeveloperBroker | undefined> {
    const folder = this.#folderOf(name);
    try {
      const broker = JSON.parse(readFileSync(join(folder, 'broker.json'), 'utf8')) as DeveloperBroker;
      const alive = (await isInUse(folder)) && (await acceptsConnections('127.0.0.1', broker.port));
      return alive ? broker : undefined;
    } catch {
      return undefined;
    }
  }

  /** The folder must belong to this user, because its contents are executed and trusted. */
  #folderOf(name: BrokerName): string {
    const owner = lstatSync(this.#folder, { throwIfNoEntry: false })?.uid;
    if (owner !== undefined && owner !== userInfo().uid) {
      throw new Error(`${this.#folder} belongs to another user; remove it.`);
    }
    return join(this.#folder, name);
  }
}
