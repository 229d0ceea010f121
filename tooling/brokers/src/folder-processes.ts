import { readdirSync, readlinkSync } from 'node:fs';
import { waitFor } from './wait-for.ts';

/**
 * The processes that log to a folder, according to `/proc`. This also works when files were deleted or process ids were
 * reused, and excludes processes that only read the folder. Empty on systems without `/proc`.
 */
export function folderProcesses(folder: string): number[] {
  return processIds().filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/2`).startsWith(`${folder}/`);
    } catch {
      // It has ended, or belongs to another user.
      return false;
    }
  });
}

/** Kills these processes with SIGKILL. Resolves when they have ended. */
export async function endFolderProcesses(folder: string): Promise<void> {
  await waitFor(`the processes of ${folder} to end`, () => {
    const left = folderProcesses(folder);
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    return left.length === 0;
  });
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
