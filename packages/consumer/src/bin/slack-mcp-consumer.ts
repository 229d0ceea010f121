#!/usr/bin/env node
import { createProgram } from '../cli/create-program.ts';
import { exitCodeOf, reasonOf } from '../cli/exit-code.ts';
import { knownSecrets } from '../cli/settings.ts';

const program = createProgram();
// A closed pipe also rejects the write itself.
process.stdout.on('error', () => {});

async function main(): Promise<number> {
  try {
    await program.parseAsync();
    return 0;
  } catch (error) {
    const exitCode = exitCodeOf(error);
    if (exitCode !== 0) process.stderr.write(`${program.name()}: ${reasonOf(error, knownSecrets())}\n`);
    return exitCode;
  }
}

// A worker may have left timers or connections open.
process.exit(await main());
