import type { NameList } from './name-list.ts';

/** Maximum time to wait for the handles, which are only a convenience. */
const WAIT_MS = 1_000;

/**
 * Returns the handles of user groups by ID, with `@`. Omits handles that cannot be found within a short time. The list
 * of user groups is read only if there is a group to name. Never rejects.
 */
export async function groupHandles(list: NameList, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const handles = new Map<string, string>();
  const known = ids.length === 0 ? undefined : await list.soon(WAIT_MS);
  for (const id of ids) {
    const [handle] = known?.entry(id)?.names ?? [];
    if (handle !== undefined) handles.set(id, `@${handle}`);
  }
  return handles;
}
