import type { RabbitMQNode } from './rabbitmq-node.ts';

/** A resource whose shortage makes RabbitMQ block its publishers. */
export type RabbitMQResource = 'memory' | 'disk';

const limits: Readonly<Record<RabbitMQResource, { set: (limit: string) => string; low: string; usual: string }>> = {
  memory: { set: (limit) => `vm_memory_monitor:set_vm_memory_high_watermark(${limit})`, low: '0.0', usual: '0.6' },
  disk: { set: (limit) => `rabbit_disk_monitor:set_disk_free_limit("${limit}")`, low: '1000000GB', usual: '1MB' },
};

/** Raises and clears the alarms of a node by changing its limits. A restart of the node clears them. */
export class RabbitMQAlarms {
  readonly #node: Pick<RabbitMQNode, 'evaluate'>;

  constructor(node: Pick<RabbitMQNode, 'evaluate'>) {
    this.#node = node;
  }

  /** Resolves when the node has raised the alarm and blocks its publishers. */
  async raise(resource: RabbitMQResource): Promise<void> {
    await this.#move(resource, limits[resource].low, true);
  }

  /** Resolves when the node has cleared the alarm. */
  async clear(resource: RabbitMQResource): Promise<void> {
    await this.#move(resource, limits[resource].usual, false);
  }

  /** Waits inside the node, which needs one call. */
  async #move(resource: RabbitMQResource, limit: string, raised: boolean): Promise<void> {
    const present = `lists:keymember({resource_limit, ${resource}, node()}, 1, rabbit_alarm:get_alarms())`;
    const again = 'timer:sleep(50), Wait(Left - 1)';
    const wait = `fun Wait(0) -> late; Wait(Left) -> case ${present} of ${raised} -> done; _ -> ${again} end end`;
    const answer = await this.#node.evaluate(`${limits[resource].set(limit)}, (${wait})(400)`);
    if (answer !== 'done') throw new Error(`The ${resource} alarm did not change with its limit: ${answer}`);
  }
}
