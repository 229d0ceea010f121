import { readdirSync, readFileSync } from 'node:fs';

// `npm publish` runs this first: a package with the stand-in would lose the messages of its users.

const root = new URL('../', import.meta.url);
const files = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
  .map((file) => `src/${file.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.ts') && /FILL IN|stand-in/i.test(readFileSync(new URL(file, root), 'utf8')))
  .sort();
if (files.length > 0) {
  process.stderr.write(`not published: fill in ${files.join(', ')} first (search them for FILL IN and stand-in)\n`);
  process.exitCode = 1;
}
