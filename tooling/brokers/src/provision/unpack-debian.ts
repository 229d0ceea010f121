import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readEnvironment } from '../environment.ts';
import { progress } from '../progress.ts';
import { newestFirst, satisfies } from '../version.ts';
import { findExecutable } from './find-executable.ts';
import { withMachineLock } from './machine-lock.ts';

/** A package of a Debian suite, unpacked in the cache. */
export interface Unpacked {
  /** Holds `usr`. */
  readonly folder: string;
  readonly version: string;
}

const script = join(import.meta.dirname, 'unpack-debian.sh');

/** The script's exit code if the suite has another version. */
const OTHER_VERSION = 3;

/** The newest version of a package in the cache that satisfies `wanted`. */
export function cachedPackage(name: string, wanted?: string): Unpacked | undefined {
  const { cacheFolder } = readEnvironment();
  if (!existsSync(cacheFolder)) return undefined;
  const prefix = `${name}-`;
  const versions = readdirSync(cacheFolder)
    .filter((entry) => entry.startsWith(prefix) && /^\d+(\.\d+)*$/.test(entry.slice(prefix.length)))
    .map((entry) => entry.slice(prefix.length))
    .filter((version) => satisfies(version, wanted))
    .sort(newestFirst);
  const [version] = versions;
  return version === undefined ? undefined : { folder: join(cacheFolder, `${prefix}${version}`), version };
}

/**
 * Unpacks a package of a Debian suite into the cache, with the libraries that it needs. It runs on an older Debian,
 * next to other versions, without installation and without root.
 *
 * @param wanted - the version or its beginning
 * @returns the package, or the reason for failure
 */
export async function unpackDebian(suite: string, name: string, wanted?: string): Promise<Unpacked | string> {
  const missing = ['apt-get', 'dpkg', 'bash'].find((program) => findExecutable(program) === undefined);
  if (!existsSync('/etc/debian_version') || missing !== undefined) return `no ${missing ?? 'Debian'}`;
  const { cacheFolder } = readEnvironment();
  return withMachineLock(`unpack-${name}`, async () => {
    const cached = wanted === undefined ? undefined : cachedPackage(name, wanted);
    if (cached !== undefined) return cached;
    progress(`unpacking ${name} of Debian ${suite} to ${cacheFolder} (set BROKERS=skip to run without brokers)`);
    mkdirSync(cacheFolder, { recursive: true });
    try {
      const { stdout } = await promisify(execFile)('bash', [script, suite, cacheFolder, wanted ?? '', name]);
      const folder = stdout.trim().split('\n').at(-1) as string;
      return { folder, version: folder.slice(folder.lastIndexOf('-') + 1) };
    } catch (error) {
      const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
      if (code === OTHER_VERSION) return `Debian ${suite} now has ${name} ${stdout.trim()}`;
      return `${name} of Debian ${suite} cannot be unpacked: ${stderr.trim().split('\n')[0] || String(error)}`;
    }
  });
}

/** Tries suites in order. Returns the package, or why every suite failed. */
export async function unpackFirst(
  suites: readonly string[],
  name: string,
  wanted?: string,
): Promise<Unpacked | string> {
  const reasons: string[] = [];
  for (const suite of suites) {
    const found = await unpackDebian(suite, name, wanted);
    if (typeof found !== 'string') return found;
    reasons.push(found);
  }
  return [...new Set(reasons)].join(', ');
}
