import { readdirSync, readFileSync } from 'node:fs';

/**
 * Whether every thread of a process stands still. A signal stops them one by one: a busy machine lets some work on for
 * milliseconds. Where threads cannot be listed, and for a process that is gone, it counts as stopped.
 */
export function isStopped(pid: number): boolean {
  try {
    const tasks = `/proc/${pid}/task`;
    return readdirSync(tasks).every((task) => /\) [TtXZ] /.test(readFileSync(`${tasks}/${task}/stat`, 'utf8')));
  } catch {
    return true;
  }
}
