import { readdirSync, readlinkSync } from 'node:fs';
import { waitFor } from './wait-for.ts';

/**
 * The processes that log to a folder, as the system says: neither a file that is gone nor a process id that belongs to
 * another by now misleads it, and who merely looks into the folder is not meant. None where there is no `/proc`.
 */
export function folderProcesses(folder: string): number[] {
  return processIds().filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/2`).startsWith(`${folder}/`);
    } catch {
      // It has ended, or is somebody else's.
      return false;
    }
  });
}

/** Ends them with SIGKILL. Resolves when they are gone. */
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
