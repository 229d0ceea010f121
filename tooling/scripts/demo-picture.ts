import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { terminalPicture } from './docs/terminal-picture.ts';
import { run } from './run.ts';

// Runs the demo and draws its output as `docs/assets/demo.svg`, which the README shows. Shortens long runs of similar
// lines.

const root = join(import.meta.dirname, '../..');
const { code, output } = await run(process.execPath, ['--conditions=@slack-mcp/source', 'examples/demo/src/main.ts'], {
  cwd: root,
  quiet: true,
  env: { NO_COLOR: '1' },
});
if (code !== 0) throw new Error(`the demo failed:\n${output}`);

/** Maximum number of similar lines in a row, such as the tools of a transport or interrupted deliveries. */
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
