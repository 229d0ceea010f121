import type { RabbitMQNode } from './rabbitmq-node.ts';

/** A resource whose shortage makes RabbitMQ block its publishers. */
export type RabbitMQResource = 'memory' | 'disk';

const limits: Readonly<Record<RabbitMQResource, { set: (limit: string) => string; low: string; usual: string }>> = {
  memory: { set: (limit) => `vm_memory_monitor:set_vm_memory_high_watermark(${limit})`, low: '0.0', usual: '0.6' },
  disk: { set: (limit) => `rabbit_disk_monitor:set_disk_free_limit("${limit}")`, low: '1000000GB', usual: '1MB' },
};

/** Raises the alarms of a node and clears them, by moving the limits. They do not outlive a restart of the node. */
export class RabbitMQAlarms {
  readonly #node: Pick<RabbitMQNode, 'ctl'>;

  constructor(node: Pick<RabbitMQNode, 'ctl'>) {
    this.#node = node;
  }

  /** Resolves once the node has raised the alarm: its publishers are blocked from then on. */
  async raise(resource: RabbitMQResource): Promise<void> {
    await this.#move(resource, limits[resource].low, true);
  }

  /** Resolves once the node has cleared the alarm. */
  async clear(resource: RabbitMQResource): Promise<void> {
    await this.#move(resource, limits[resource].usual, false);
  }

  /** Waits inside the node: each call of `rabbitmqctl` takes long. */
  async #move(resource: RabbitMQResource, limit: string, raised: boolean): Promise<void> {
    const present = `lists:keymember({resource_limit, ${resource}, node()}, 1, rabbit_alarm:get_alarms())`;
    const again = 'timer:sleep(50), Wait(Left - 1)';
    const wait = `fun Wait(0) -> late; Wait(Left) -> case ${present} of ${raised} -> done; _ -> ${again} end end`;
    const answer = await this.#node.ctl('eval', `${limits[resource].set(limit)}, (${wait})(400).`);
    if (answer.trim() !== 'done') throw new Error(`The ${resource} alarm does not follow its limit: ${answer}`);
  }
}
