import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** Counts the schemas that are built before and after the first one is read. */
const PROGRAM = `
  import { z } from 'zod';
  let built = 0;
  z.config({ postProcessor: () => { built += 1; } });
  const { knownToolsets } = await import('./src/tools/toolsets/known-toolsets.ts');
  const atStart = built;
  const { required } = knownToolsets.get('slack_post_message').inputSchema;
  console.log(JSON.stringify({ atStart, required, later: built > atStart }));
`;

it('of a tool are built when they are read, not at the start of the process', async () => {
  const flags = ['--conditions=@slack-mcp/source', '--input-type=module', '--eval', PROGRAM];
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd });
  expect(JSON.parse(stdout)).toEqual({ atStart: 0, required: ['channel', 'text'], later: true });
});
