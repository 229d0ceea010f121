import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { terminalPicture } from './docs/terminal-picture.ts';
import { run } from './run.ts';

// Runs the demo and draws what it prints: `docs/assets/demo.svg`, shown in the README. Long stretches of similar lines
// are shortened.

const root = join(import.meta.dirname, '../..');
const { code, output } = await run(process.execPath, ['--conditions=@slack-mcp/source', 'examples/demo/src/main.ts'], {
  cwd: root,
  quiet: true,
  env: { NO_COLOR: '1' },
});
if (code !== 0) throw new Error(`the demo failed:\n${output}`);

/** At most so many lines of one kind in a row: the tools of one transport, the deliveries that were cut off. */
const IN_A_ROW = 4;
const kindOf = (line: string): string =>
  /mcp {5}(http|stdio):/.exec(line)?.[1] ?? (/ cut off /.test(line) && /Ev\w+/.test(line) ? 'cut off' : line);

const shown: string[] = [];
let repeated = 0;
const lines = output.trimEnd().split('\n');
for (const [index, line] of lines.entries()) {
  repeated = index > 0 && kindOf(line) === kindOf(lines[index - 1] ?? '') ? repeated + 1 : 1;
  if (repeated <= IN_A_ROW) shown.push(line);
  else if (repeated === IN_A_ROW + 1) shown.push('         …');
}

const folder = join(root, 'docs/assets');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'demo.svg'), terminalPicture('npx -y pnpm@12.21.0 demo', shown));
