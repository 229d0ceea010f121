#!/usr/bin/env node
import { createProgram } from '../cli/create-program.ts';
import { exitCodeOf, reasonOf } from '../cli/exit-code.ts';

const program = createProgram()
  .exitOverride()
  .configureOutput({ outputError: () => {} });

let exitCode = 0;
try {
  await program.parseAsync();
} catch (error) {
  exitCode = exitCodeOf(error);
  if (exitCode !== 0) process.stderr.write(`${program.name()}: ${reasonOf(error)}\n`);
}
// A worker may have left timers or connections behind.
process.exit(exitCode);
