import type { OpsContext } from '../ops-context.ts';
import { OpsError } from '../ops-error.ts';
import { assertGroupExists } from './assert-group-exists.ts';

/** The answer of `POST /ops/groups/{group}/pause` and `…/resume`. */
export interface PauseAnswer {
  readonly group: string;
  /** Number of consumers of the group in this process. */
  readonly consumers: number;
  /** Number of consumers that are paused now. */
  readonly paused: number;
}

/**
 * Pauses or resumes the consumers of a group in this process. Consumers in other processes continue.
 *
 * @throws OpsError - `unknown_group`, or `not_pausable` if this process has no consumer of the group
 */
export async function setPaused(
  ops: OpsContext,
  { group, paused, who }: { group: string; paused: boolean; who: string },
): Promise<PauseAnswer> {
  const consumers = ops.consumers.of(group);
  if (consumers.length === 0) {
    await assertGroupExists(ops, group);
    throw new OpsError(
      'not_pausable',
      `This ${ops.process} has no consumer of the group ${group}: send the request to a worker of the group.`,
    );
  }
  await Promise.all(consumers.map((consumer) => (paused ? consumer.pause() : consumer.resume())));
  ops.audit.record({ who, action: paused ? 'pause' : 'resume', group });
  return { group, consumers: consumers.length, paused: consumers.filter((one) => one.paused).length };
}
