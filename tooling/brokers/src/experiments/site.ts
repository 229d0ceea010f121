import { type RabbitMQBroker, startRabbitMQ } from '../rabbitmq/start-rabbitmq.ts';
import { type RabbitMQCluster, startRabbitMQCluster } from '../rabbitmq/start-rabbitmq-cluster.ts';

/** `node`: one node. `leader`: three nodes, and the one with the queue's leader is killed. `all`: three, all killed. */
export type Victims = 'node' | 'leader' | 'all';

export const victimKinds: readonly Victims[] = ['node', 'leader', 'all'];

/** RabbitMQ in an experiment. */
export interface Site extends AsyncDisposable {
  readonly version: string;
  /** The URL of the node to publish to. */
  readonly url: string;
  /** Kills the chosen nodes of a queue. */
  kill(queue: string): Promise<void>;
  /** Starts the killed nodes again. Resolves when all of them are up. */
  restart(): Promise<void>;
  ctl(...args: string[]): Promise<string>;
}

export interface SiteOptions {
  readonly version?: string | undefined;
  readonly victims: Victims;
  /** Terms for `advanced.config`. Only with one node. */
  readonly advanced?: readonly string[] | undefined;
}

/** Starts RabbitMQ. @throws {BrokerUnavailableError} */
export async function startSite({ version, victims, advanced = [] }: SiteOptions): Promise<Site> {
  if (victims === 'node') return oneNode(await startRabbitMQ({ version, advanced }));
  return threeNodes(await startRabbitMQCluster({ version }), victims);
}

function oneNode(broker: RabbitMQBroker): Site {
  return {
    ...{ version: broker.version, url: broker.url },
    kill: () => broker.kill(),
    restart: () => broker.restart(),
    ctl: (...args) => broker.ctl(...args),
    [Symbol.asyncDispose]: () => broker.dispose(),
  };
}

function threeNodes(cluster: RabbitMQCluster, victims: Victims): Site {
  const [first] = cluster.nodes;
  if (first === undefined) throw new Error('The cluster has no nodes.');
  return {
    ...{ version: cluster.version, url: first.url },
    async kill(queue) {
      const nodes = victims === 'all' ? cluster.nodes : [await cluster.nodeOf(queue)];
      await Promise.all(nodes.map((node) => node.kill()));
    },
    async restart() {
      await Promise.all(cluster.nodes.filter(({ pid }) => pid === undefined).map((node) => node.restart()));
      await cluster.untilWhole();
    },
    ctl: (...args) => first.ctl(...args),
    [Symbol.asyncDispose]: () => cluster.dispose(),
  };
}
