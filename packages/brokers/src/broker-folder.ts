import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { waitFor } from './wait-for.ts';

/**
 * Waits until its standard input ends or a line arrives at the fifo ($2); then kills every process group that is
 * registered in the folder ($1), runs the folder's `on-removal` script, and removes the folder. `closing` is set
 * before the groups are read, and a starting daemon registers before it looks for `closing`: none slips through.
 */
const reaper = `
[ -z "$2" ] || { exec <>"$2"; : > "$1/watched"; }
read -r _
: > "$1/closing"
for group in "$1"/groups/*; do kill -s KILL -- "-\${group##*/}"; done
[ ! -e "$1/on-removal" ] || sh "$1/on-removal"
until rm -rf "$1"; do sleep 0.1; done
`;

/**
 * A folder with the processes that work in it. A detached reaper ends both: when `remove` is called, or when this
 * process ends for whatever reason (SIGKILL included), which closes the pipe that the reaper reads.
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

  /** Kills what runs in the folder and removes it. Idempotent. */
  async remove(): Promise<void> {
    await this.#remove();
  }
}

/** Kills what runs in a kept folder and removes it. A folder that nobody watches, after a reboot, is just removed. */
export async function releaseFolder(path: string): Promise<void> {
  try {
    const fifo = await open(join(path, 'hold'), constants.O_WRONLY | constants.O_NONBLOCK);
    await fifo.write('\n');
    await fifo.close();
    await waitFor(`${path} to be removed`, () => !existsSync(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENXIO' && code !== 'ENOENT') throw error;
    await rm(path, { recursive: true, force: true });
  }
}

/** Whether a kept folder exists and is watched: after a reboot it may exist and nobody watches it. */
export async function isWatched(path: string): Promise<boolean> {
  try {
    await (await open(join(path, 'hold'), constants.O_WRONLY | constants.O_NONBLOCK)).close();
    return true;
  } catch {
    return false;
  }
}

/** The broker may run as another user, which must reach what it owns inside. */
function prepare(path: string): void {
  chmodSync(path, 0o755);
  mkdirSync(join(path, 'groups'));
}
