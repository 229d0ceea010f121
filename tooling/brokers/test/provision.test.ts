import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BrokerUnavailableError, readEnvironment, startKafka, startRabbitMQ, startRedis } from '../src/index.ts';
import { installWithApt } from '../src/provision/apt-get.ts';
import { findContainer, inContainer } from '../src/provision/container-engine.ts';
import { findExecutable } from '../src/provision/find-executable.ts';
import { withMachineLock } from '../src/provision/machine-lock.ts';
import { cachedPackage, unpackDebian } from '../src/provision/unpack-debian.ts';
import { locateRedis } from '../src/redis/locate-redis.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slack-mcp-provision-'));
  mkdirSync(join(folder, 'bin'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Replaces a program that would change the machine. */
function standIn(name: string, script: string): void {
  const path = join(folder, 'bin', name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env['PATH']}`);
}

const root = process.getuid?.() === 0 && existsSync('/etc/debian_version');

describe.runIf(root)('apt-get', () => {
  const log = (): string[] => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
  const policy = (): string => join(folder, 'policy-rc.d');

  const said = (): unknown[] => vi.mocked(process.stderr.write).mock.calls.map(([line]) => line);
  beforeEach(() => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('installs missing packages once for concurrent callers, and starts no service', async () => {
    standIn(
      'apt-get',
      `echo "$*" >> '${folder}/log'; sh '${policy()}' || echo "policy $?" >> '${folder}/log'; touch '${folder}/done'`,
    );
    const installed = (): boolean => existsSync(join(folder, 'done'));
    const asked = await Promise.all([1, 2, 3].map(() => installWithApt(['redis-server'], installed, policy())));
    expect(asked).toEqual([undefined, undefined, undefined]);
    expect(log()).toEqual([expect.stringMatching(/install --no-install-recommends redis-server$/), 'policy 101']);
    expect(existsSync(policy())).toBe(false);
    expect(said()).toEqual([
      '[brokers] installing redis-server with apt-get (set BROKERS=skip to run without brokers)\n',
    ]);
  });

  test('refreshes its lists only when installing fails, and reports the reason', async () => {
    standIn(
      'apt-get',
      `echo "$*" >> '${folder}/log'; echo 'E: no such thing' >&2; case "$*" in *update) ;; *) exit 100 ;; esac`,
    );
    expect(await installWithApt(['nothing'], () => false, policy())).toMatch(
      /did not install nothing: E: no such thing/,
    );
    expect(
      log().map((line) =>
        line
          .split(' ')
          .filter((word) => /^(install|update)$/.test(word))
          .join(),
      ),
    ).toEqual(['install', 'update', 'install']);
  });

  test('keeps an existing policy', async () => {
    standIn('apt-get', 'true');
    writeFileSync(policy(), 'theirs');
    await installWithApt(['nothing'], () => false, policy());
    expect(readFileSync(policy(), 'utf8')).toBe('theirs');
  });

  test('does not run when nothing is missing', async () => {
    standIn('apt-get', `touch '${folder}/asked'`);
    expect(await installWithApt(['redis-server'], () => true, policy())).toBeUndefined();
    expect(existsSync(join(folder, 'asked'))).toBe(false);
  });
});

describe('a container engine', () => {
  test('is used when it responds', async () => {
    standIn('docker', '[ "$1" = info ]');
    const container = await findContainer('redis:7.4');
    expect(container).toEqual({ engine: join(folder, 'bin', 'docker'), image: 'redis:7.4' });
  });

  test('is skipped when it does not respond', async () => {
    standIn('docker', 'exit 1');
    standIn('podman', 'exit 1');
    expect(await findContainer('redis:7.4')).toMatch(/no container engine responds/);
  });

  test('runs the same command line, and the reaper removes the container', () => {
    const contained = inContainer({ engine: 'docker', image: 'redis:7.4' }, folder, ['redis-server', '--port', '1'], {
      A: 'b',
    });
    const line = contained.command.join(' ');
    const name = /--name (\S+)/.exec(line)?.[1];
    expect(line).toMatch(/^docker run --rm .*--network host .*--env A=b redis:7\.4 redis-server --port 1$/);
    expect(line).toContain(`--volume ${folder}:${folder}`);
    expect(readFileSync(join(folder, 'on-removal'), 'utf8')).toBe(`'docker' rm --force ${name}\n`);
    expect(contained.execute('rabbitmqctl', 'status')).toEqual(['docker', 'exec', name, 'rabbitmqctl', 'status']);
  });
});

describe('a machine without brokers', () => {
  test.for([
    ['redis', startRedis, 3],
    ['rabbitmq', startRabbitMQ, 4],
    ['kafka', startKafka, 4],
  ] as const)('reports why %s is not available and how to get it', async ([name, start, sources]) => {
    vi.stubEnv('PATH', join(folder, 'bin'));
    vi.stubEnv('BROKERS', '');
    vi.stubEnv('KAFKA_HOME', '');
    vi.stubEnv('REDIS_SERVER', '');
    // Debian's scripts for RabbitMQ are not in PATH, but the port mapper that they need is.
    const error = await start().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BrokerUnavailableError);
    expect(error).toMatchObject({
      ...{ broker: name, reasons: { length: sources } },
      remedy: expect.stringMatching(/^install /),
    });
  });
});

test('uses the Redis that the environment names instead of the one in PATH', async () => {
  vi.stubEnv('REDIS_SERVER', '/opt/valkey/valkey-server');
  expect(await locateRedis()).toMatchObject({ server: '/opt/valkey/valkey-server', source: 'installed' });
});

describe.runIf(existsSync('/etc/debian_version'))('a package of a Debian suite', () => {
  beforeEach(() => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    mkdirSync(join(folder, 'cache', 'slack-mcp', 'brokers'), { recursive: true });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('is rejected in another version, and leaves nothing behind', async () => {
    standIn('apt-get', 'true');
    standIn('apt-cache', 'echo "  Candidate: 1:4.30.1+dfsg-2"');
    expect(await unpackDebian('sid', 'rabbitmq-server', '4.3')).toBe('Debian sid now has rabbitmq-server 4.30.1');
    expect(readdirSync(join(folder, 'cache', 'slack-mcp', 'brokers'))).toEqual(['unpack-rabbitmq-server.lock']);
  });

  test('reports why it is unavailable when apt-get fails', async () => {
    standIn('apt-get', 'echo "E: no network" >&2; exit 100');
    expect(await unpackDebian('sid', 'rabbitmq-server')).toBe(
      'rabbitmq-server of Debian sid cannot be unpacked: E: no network',
    );
  });

  test('is taken from the cache in the newest matching version', () => {
    for (const version of ['4.3.6', '4.3.10', '4.0.5', '4.30.1']) {
      mkdirSync(join(folder, 'cache', 'slack-mcp', 'brokers', `rabbitmq-server-${version}`));
    }
    expect(cachedPackage('rabbitmq-server')?.version).toBe('4.30.1');
    expect(cachedPackage('rabbitmq-server', '4.3')?.version).toBe('4.3.10');
    expect(cachedPackage('rabbitmq-server', '4.3.6')?.version).toBe('4.3.6');
    expect(cachedPackage('rabbitmq-server', '4.2')).toBeUndefined();
  });
});

test.for(['REDIS_VERSION', 'RABBITMQ_VERSION', 'KAFKA_VERSION'])('rejects %s unless it is a version', (variable) => {
  expect(() => readEnvironment({ [variable]: 'newest' })).toThrow(
    `${variable} is "newest": expected a version such as 4.3 or 4.3.6.`,
  );
});

test('requires a complete version for an unknown version of Kafka', async () => {
  vi.stubEnv('BROKERS', '');
  vi.stubEnv('KAFKA_HOME', '');
  const error = await startKafka({ version: '3.0' }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BrokerUnavailableError);
  expect(String(error)).toMatch(/no known version of Kafka begins with 3\.0: give a complete version/);
});

describe('the machine lock', () => {
  test.runIf(findExecutable('flock'))('is held by one process at a time and freed when it dies', async () => {
    const script = `
      import { withMachineLock } from '${join(import.meta.dirname, '..', 'src', 'provision', 'machine-lock.ts')}';
      await withMachineLock('test', async () => { console.log('held'); await new Promise((resolve) => setTimeout(resolve, 3_600_000)); });`;
    const holder = execFile(process.execPath, ['--input-type=module', '--eval', script]);
    await new Promise((resolve) => holder.stdout?.once('data', resolve));
    let entered = false;
    const waiting = withMachineLock('test', async () => {
      entered = true;
    });
    expect(await withMachineLock('another', async () => entered)).toBe(false);
    holder.kill('SIGKILL');
    await waiting;
    expect(entered).toBe(true);
  });
});
