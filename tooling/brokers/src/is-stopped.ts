import { readdirSync, readFileSync } from 'node:fs';

/**
 * Whether every thread of a process has stopped. A signal stops threads one by one, and on a busy machine some continue
 * for milliseconds. Also true if threads cannot be listed or the process has ended.
 */
export function isStopped(pid: number): boolean {
  try {
    const tasks = `/proc/${pid}/task`;
    return readdirSync(tasks).every((task) => /\) [TtXZ] /.test(readFileSync(`${tasks}/${task}/stat`, 'utf8')));
  } catch {
    return true;
  }
}
