import { join } from 'node:path';
import { auditLockfile } from './dependencies/audit-lockfile.ts';

// Asks the registry for known vulnerabilities in the lockfile. Fails if one has the severity high or critical.

const SEVERE = ['high', 'critical'];

const audit = await auditLockfile(join(import.meta.dirname, '../..'));
if (audit.status === 'unanswered') {
  console.error(`SKIPPED the audit of the lockfile: the registry does not answer audits (${audit.reason})`);
} else {
  for (const { severity, packageName, title, url } of audit.advisories) {
    console.error(`${severity} ${packageName}: ${title} ${url}`);
  }
  const severe = audit.advisories.filter(({ severity }) => SEVERE.includes(severity)).length;
  console.error(`${audit.advisories.length} known vulnerabilities, ${severe} of them high or critical`);
  process.exitCode = severe === 0 ? 0 : 1;
}
