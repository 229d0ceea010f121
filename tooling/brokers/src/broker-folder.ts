import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { endFolderProcesses, folderProcesses } from './folder-processes.ts';
import { waitFor } from './wait-for.ts';

/**
 * Waits until its standard input ends or a line arrives at the fifo ($2). Then it kills every process group that is
 * registered in the folder ($1) and every other process that logs to the folder, runs the folder's `on-removal` script,
 * and removes the folder. `closing` is set before the groups are read, and a starting daemon registers before it checks
 * for `closing`, so that no process is missed.
 *
 * No line can arrive after another process has removed the folder, so the script checks whether the fifo is still the
 * same. It uses `true` where `:` would end the shell if the folder does not exist.
 */
const reaper = `
end_rest() {
  kill -s KILL $(ls -l /proc/[0-9]*/fd/2 | grep -F -- " -> $1/" | sed 's|.* /proc/\\([0-9]*\\)/fd/2 .*|\\1|')
}
if [ -n "$2" ]; then
  exec <>"$2"
  (
    exec <&-
    fifo=$(ls -i "$2")
    while kill -0 $$ && [ "$(ls -i "$2")" = "$fifo" ]; do sleep 2; done
    [ -e "$2" ] || end_rest "$1"
    kill -s KILL $$
  ) &
  watch=$!
  true > "$1/watched"
fi
read -r _
[ -z "$2" ] || kill "$watch"
true > "$1/closing"
for group in "$1"/groups/*; do kill -s KILL -- "-\${group##*/}"; done
end_rest "$1"
[ ! -e "$1/on-removal" ] || sh "$1/on-removal"
until rm -rf "$1"; do sleep 0.1; done
`;

/**
 * A folder with the processes that work in it. A detached reaper removes both when `remove` is called or when this
 * process ends for any reason (including SIGKILL), which closes the pipe that the reaper reads.
 */
export class BrokerFolder {
  readonly path: string;
  readonly #remove: () => Promise<void>;

  private constructor(path: string, remove: () => Promise<void>) {
    this.path = path;
    this.#remove = remove;
  }

  /** Creates a temporary folder that lives as long as this process. */
  static async create(label: string): Promise<BrokerFolder> {
    const path = await mkdtemp(join(tmpdir(), `slack-mcp-${label}-`));
    prepare(path);
    const child = spawn('sh', ['-c', reaper, 'reaper', path, ''], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = once(child, 'exit');
    child.unref();
    (child.stdin as Writable & { unref(): void }).unref();
    return new BrokerFolder(path, async () => {
      child.ref();
      child.stdin.end();
      await ended;
    });
  }

  /** Creates a folder that outlives this process, until `releaseFolder(path)`. */
  static async keep(path: string): Promise<BrokerFolder> {
    mkdirSync(path, { recursive: true });
    prepare(path);
    const fifo = join(path, 'hold');
    await promisify(execFile)('mkfifo', ['-m', '600', fifo]);
    spawn('sh', ['-c', reaper, 'reaper', path, fifo], { detached: true, stdio: 'ignore' }).unref();
    await waitFor('the reaper', () => existsSync(join(path, 'watched')));
    return new BrokerFolder(path, () => releaseFolder(path));
  }

  /** Kills all processes in the folder and removes it. Idempotent. */
  async remove(): Promise<void> {
    await this.#remove();
  }
}

/**
 * Kills all processes in a kept folder and removes it. If its reaper is not running, after a reboot or because it was
 * killed, this does the reaper's work.
 */
export async function releaseFolder(path: string): Promise<void> {
  try {
    const fifo = await open(join(path, 'hold'), constants.O_WRONLY | constants.O_NONBLOCK);
    await fifo.write('\n');
    await fifo.close();
    await waitFor(`${path} to be removed`, () => !existsSync(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENXIO' && code !== 'ENOENT') throw error;
    await endFolderProcesses(path);
    const onRemoval = join(path, 'on-removal');
    if (existsSync(onRemoval)) await promisify(execFile)('sh', [onRemoval]).catch(() => undefined);
    await rm(path, { recursive: true, force: true });
  }
}

/** Whether processes run in a kept folder. The folder itself may be older than a reboot, or deleted. */
export async function isInUse(path: string): Promise<boolean> {
  return (await isWatched(path)) || folderProcesses(path).length > 0;
}

async function isWatched(path: string): Promise<boolean> {
  try {
    await (await open(join(path, 'hold'), constants.O_WRONLY | constants.O_NONBLOCK)).close();
    return true;
  } catch {
    return false;
  }
}

/** The broker may run as another user, which needs access to its files inside. */
function prepare(path: string): void {
  chmodSync(path, 0o755);
  mkdirSync(join(path, 'groups'));
}
