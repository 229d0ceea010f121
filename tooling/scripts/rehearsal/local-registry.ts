import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../brokers/src/free-ports.ts';
import { waitFor } from '../../brokers/src/index.ts';
import { run } from '../run.ts';

/** A registry on this machine: it has the packages of this repository, and passes other requests on. */
export class LocalRegistry {
  readonly url: string;
  /** The environment with which npm, pnpm and yarn use the registry. */
  readonly env: Readonly<Record<string, string>>;
  readonly #process: ChildProcess;

  private constructor(url: string, env: Readonly<Record<string, string>>, child: ChildProcess) {
    this.url = url;
    this.env = env;
    this.#process = child;
  }

  /** @param work - an empty folder */
  static async start(work: string): Promise<LocalRegistry> {
    await mkdir(work, { recursive: true });
    // The dependency names a tag that not every registry has.
    const manifest = { private: true, dependencies: { verdaccio: '6.10.4' }, overrides: { 'node-fetch': '^2.7.0' } };
    await writeFile(join(work, 'package.json'), JSON.stringify(manifest));
    const installed = await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], {
      cwd: work,
      quiet: true,
    });
    if (installed.code !== 0) throw new Error(`verdaccio cannot be installed\n${installed.output}`);
    const uplink = (await run('npm', ['config', 'get', 'registry'], { cwd: work, quiet: true })).output.trim();
    const config = {
      storage: join(work, 'storage'),
      auth: { htpasswd: { file: join(work, 'htpasswd') } },
      uplinks: { public: { url: uplink, maxage: '1h', timeout: '60s' } },
      packages: {
        '@slack-mcp/*': { access: '$all', publish: '$all', unpublish: '$all' },
        '**': { access: '$all', proxy: 'public' },
      },
      max_body_size: '100mb',
      log: { type: 'file', path: join(work, 'log'), level: 'warn' },
    };
    await writeFile(join(work, 'config.yaml'), JSON.stringify(config));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const userConfig = join(work, 'npmrc');
    await writeFile(userConfig, `registry=${url}\n//127.0.0.1:${port}/:_authToken=anyone\n`);
    const bin = join(work, 'node_modules/verdaccio/bin/verdaccio');
    const child = spawn(
      process.execPath,
      [bin, '--config', join(work, 'config.yaml'), '--listen', `127.0.0.1:${port}`],
      {
        cwd: work,
        stdio: 'ignore',
      },
    );
    await waitFor('the local registry to answer', async () => (await fetch(`${url}-/ping`).catch(() => undefined))?.ok);
    const env = {
      NPM_CONFIG_USERCONFIG: userConfig,
      npm_config_registry: url,
      npm_config_cache: join(work, 'npm-cache'),
      YARN_NPM_REGISTRY_SERVER: url,
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
      YARN_NPM_MINIMAL_AGE_GATE: '0',
      YARN_ENABLE_TELEMETRY: '0',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      YARN_GLOBAL_FOLDER: join(work, 'yarn'),
    };
    return new LocalRegistry(url, env, child);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
