import type { Finding } from './finding.ts';

/** The oldest supported version, as in `engines` of `package.json`. */
const OLDEST = [22, 18] as const;

/** Checks the version of Node, for example `v24.1.0`. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isSupported = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  if (isSupported) return { check: 'Node', verdict: 'ok', message: version };
  return {
    check: 'Node',
    verdict: 'failure',
    message: `${version} is older than ${OLDEST.join('.')}`,
    advice: 'Install a newer version from https://nodejs.org.',
  };
}
