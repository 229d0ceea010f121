import { nearestName } from '../../loading/nearest-name.ts';
import type { OpsContext } from '../ops-context.ts';
import { OpsError } from '../ops-error.ts';
import { namesInProcess } from './list-groups.ts';

/** Number of groups up to which every backend reports all of them. */
const MAX_REPORTED = 50;

/**
 * Throws if a group does not exist. A group counts as existing if the broker does not report its groups, or reports as
 * many as it can.
 *
 * @throws OpsError - `unknown_group`
 */
export async function assertGroupExists(ops: OpsContext, group: string): Promise<void> {
  const { status, groups } = await ops.queueHealth();
  if (status === 'down' || groups === undefined || groups.length >= MAX_REPORTED) return;
  const names = [...new Set([...groups.map((known) => known.group), ...namesInProcess(ops)])];
  if (names.includes(group)) return;
  const nearest = nearestName(group, names);
  const advice = nearest === undefined ? `known: ${names.join(', ') || 'none'}` : `did you mean ${nearest}?`;
  throw new OpsError('unknown_group', `There is no group ${group}; ${advice}`, { groups: names.slice(0, 50) });
}
