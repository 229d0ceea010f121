import type { BackendHealth, GroupHealth } from '../../contract/backend.ts';
import type { OpsContext } from '../ops-context.ts';
import type { GroupCounts } from './group-activity.ts';

/** The state of a group. */
export interface GroupStatus {
  readonly group: string;
  /** What the broker reports for each key of the group. Empty if the backend reports nothing about the group. */
  readonly keys: readonly Omit<GroupHealth, 'group'>[];
  /** Number of consumers of the group in this process. */
  readonly consumers: number;
  /** Number of consumers in this process that are paused. */
  readonly paused: number;
  /** What the consumers in this process did. Absent if they have handled no message. */
  readonly activity?: GroupCounts;
}

/** The answer of `GET /ops/groups`. */
export interface GroupsAnswer {
  /** Which process answers. */
  readonly process: 'server' | 'worker';
  /** The name of the backend. */
  readonly backend: string;
  readonly status: BackendHealth['status'];
  readonly groups: readonly GroupStatus[];
}

/** Lists the groups that the broker reports and the groups that have consumers in this process. */
export async function listGroups(ops: OpsContext): Promise<GroupsAnswer> {
  const health = await ops.queueHealth();
  const reported = Map.groupBy(health.groups ?? [], ({ group }) => group);
  const names = [...new Set([...reported.keys(), ...namesInProcess(ops)])].sort();
  const groups = names.map((group): GroupStatus => {
    const consumers = ops.consumers.of(group);
    const activity = ops.activity.of(group);
    return {
      group,
      keys: (reported.get(group) ?? []).map(({ group: _group, ...key }) => key),
      consumers: consumers.length,
      paused: consumers.filter(({ paused }) => paused).length,
      ...(activity !== undefined && { activity }),
    };
  });
  return { process: ops.process, backend: ops.backend.name, status: health.status, groups };
}

/** Returns the names of the groups that this process knows without asking the broker. */
export function namesInProcess({ consumers, activity }: OpsContext): readonly string[] {
  return [...consumers.groups, ...activity.names.filter((name) => name !== '')];
}
