import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { childEnvironment } from '../environment.ts';
import { progress } from '../progress.ts';
import { findExecutable } from './find-executable.ts';
import { withMachineLock } from './machine-lock.ts';

/**
 * Installs without starting services (Debian asks `policy-rc.d` before it starts any), and refreshes the package lists
 * only if installing from the current lists fails.
 */
const script = `
policy="$POLICY"
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy"
fi
install() { apt-get -y -q -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@"; }
install "$@" || { apt-get -q update && install "$@"; }
`;

/**
 * Installs Debian packages, once for all concurrent processes.
 *
 * @param installed whether the packages are installed now
 * @returns the reason for failure, or `undefined` if `installed()` returns true
 */
export async function installWithApt(
  packages: readonly string[],
  installed: () => boolean | Promise<boolean>,
  policy = '/usr/sbin/policy-rc.d',
): Promise<string | undefined> {
  if (!existsSync('/etc/debian_version') || findExecutable('apt-get') === undefined) return 'no apt-get of Debian';
  if (process.getuid?.() !== 0) return 'apt-get needs root';
  return withMachineLock('apt', async () => {
    if (await installed()) return undefined;
    progress(`installing ${packages.join(' ')} with apt-get (set BROKERS=skip to run without brokers)`);
    const output = await run(packages, policy);
    return (await installed()) ? undefined : `apt-get did not install ${packages.join(' ')}: ${output}`;
  });
}

async function run(packages: readonly string[], policy: string): Promise<string> {
  const child = spawn('sh', ['-c', script, 'install', ...packages], {
    env: childEnvironment({ DEBIAN_FRONTEND: 'noninteractive', POLICY: policy }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-2_000);
    });
  }
  await once(child, 'close');
  const errors = output.split('\n').filter((line) => /^(E|W|dpkg):? /.test(line));
  return errors.join(' ') || output.trim().split('\n').slice(-3).join(' ');
}
