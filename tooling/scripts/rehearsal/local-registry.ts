import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../brokers/src/free-ports.ts';
import { waitFor } from '../../brokers/src/index.ts';

/** A registry on this machine, for the packages of this repository alone. */
export class LocalRegistry {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#process = child;
  }

  /**
   * @param verdaccio - the command
   * @param work - an empty folder
   */
  static async start(verdaccio: string, work: string): Promise<LocalRegistry> {
    await mkdir(work, { recursive: true });
    const config = {
      storage: join(work, 'storage'),
      auth: { htpasswd: { file: join(work, 'htpasswd') } },
      uplinks: {},
      packages: { '@slack-mcp/*': { access: '$all', publish: '$all', unpublish: '$all' } },
      max_body_size: '100mb',
      log: { type: 'file', path: join(work, 'log'), level: 'warn' },
    };
    await writeFile(join(work, 'config.yaml'), JSON.stringify(config));
    const port = await freePort();
    const args = [verdaccio, '--config', join(work, 'config.yaml'), '--listen', `127.0.0.1:${port}`];
    const child = spawn(process.execPath, args, { cwd: work, stdio: 'ignore' });
    const url = `http://127.0.0.1:${port}/`;
    const ping = async () => (await fetch(`${url}-/ping`).catch(() => undefined))?.ok;
    await waitFor('the local registry to answer', ping, { timeoutMs: 60_000 });
    return new LocalRegistry(url, child);
  }

  /** The lines of `.npmrc` with which npm and pnpm use this registry for the packages of this repository. */
  get npmrc(): string {
    return `@slack-mcp:registry=${this.url}\n${this.url.replace('http:', '')}:_authToken=anyone\n`;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
