import { join } from 'node:path';
import { findViolations } from './architecture/rules.ts';
import { readSources } from './architecture/source-file.ts';

const files = readSources(join(import.meta.dirname, '../..'));
const violations = findViolations(files);
for (const { path, line, rule, message } of violations) console.error(`${path}:${line} ${rule}: ${message}`);
console.error(`${files.length} source files, ${violations.length} violations`);
process.exitCode = violations.length === 0 && files.length > 0 ? 0 : 1;
