import { spawnSync } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** A device on which each write fails as on a full disk. */
const FULL = '/dev/full';

test.skipIf(!existsSync(FULL))('a full disk for the log does not end the process, nor fill its memory', () => {
  const logger = fileURLToPath(new URL('../../src/logging/create-logger.ts', import.meta.url));
  const script = `
    const { createLogger } = await import(${JSON.stringify(logger)});
    const logger = createLogger({ level: 'info', format: 'json' });
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 100; round += 1) {
      for (let line = 0; line < 10; line += 1) logger.info({ text: 'x'.repeat(60_000) }, 'a_line');
      await new Promise((resolve) => setImmediate(resolve));
    }
    globalThis.gc();
    console.log(process.memoryUsage().heapUsed - before < 20_000_000 ? 'alive' : 'full');
  `;
  const node = ['--conditions=@slack-mcp/source', '--expose-gc', '--input-type=module', '--eval', script];
  const child = spawnSync(process.execPath, node, { stdio: ['ignore', 'pipe', openSync(FULL, 'w')], encoding: 'utf8' });
  expect({ code: child.status, output: child.stdout }).toEqual({ code: 0, output: 'alive\n' });
});
