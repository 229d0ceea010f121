import { nearestName } from '../../loading/nearest-name.ts';
import { opsErrorOf } from '../dead-letters/read-dead-letters.ts';
import type { OpsContext } from '../ops-context.ts';
import { OpsError } from '../ops-error.ts';
import { namesInProcess } from './list-groups.ts';

/**
 * Throws if a group does not exist. Some brokers report only the groups in `QUEUE_GROUPS`, so a group that has dead
 * letters also counts as existing.
 *
 * @throws OpsError - `unknown_group`, or `queue_unavailable`
 */
export async function assertGroupExists(ops: OpsContext, group: string): Promise<void> {
  const { groups = [] } = await ops.queueHealth();
  const names = [...new Set([...groups.map((known) => known.group), ...namesInProcess(ops)])];
  if (names.includes(group) || (await hasDeadLetter(ops, group))) return;
  const nearest = nearestName(group, names);
  const advice = nearest === undefined ? `known: ${names.join(', ') || 'none'}` : `did you mean ${nearest}?`;
  throw new OpsError('unknown_group', `The group ${group} is not known and has no dead letters; ${advice}`, {
    groups: names.slice(0, 50),
  });
}

async function hasDeadLetter({ backend }: OpsContext, group: string): Promise<boolean> {
  try {
    return (await backend.deadLetters({ group }).list({ limit: 1 })).items.length > 0;
  } catch (error) {
    throw opsErrorOf(error);
  }
}
