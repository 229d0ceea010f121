import { isIP } from 'node:net';
import type { TrustProxy } from '../http/forwarded.ts';
import type { SettingsReader } from './settings-reader.ts';

const RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Maximum number of proxies. A larger number is a mistake, such as a port. */
const MAX_PROXIES = 100;

/** @throws ConfigurationError */
export function readTrustProxy(reader: SettingsReader): TrustProxy {
  const entries = reader.env.list('TRUST_PROXY');
  const [first = 'false'] = entries;
  if (entries.length <= 1) {
    if (/^(true|false)$/i.test(first)) return first.toLowerCase() === 'true';
    if (/^\d+$/.test(first) && Number(first) <= MAX_PROXIES) return Number(first);
  }
  const wrong = entries.find((entry) => !RANGES.has(entry) && !isRange(entry));
  if (wrong === undefined) return entries;
  throw reader.error(
    'TRUST_PROXY',
    `is not valid at ${JSON.stringify(wrong)}: give true, the number of proxies, or their addresses`,
  );
}

function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
