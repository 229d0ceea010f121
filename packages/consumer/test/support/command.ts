import { randomUUID } from 'node:crypto';
import type { ConformanceHarness } from '@slack-mcp/conformance';
import type { QueueBackend } from '@slack-mcp/core';
import { commandHost } from '@slack-mcp/test-support/command-host';
import { onTestFinished } from 'vitest';
import { application, installed } from './application.ts';
import { bundled } from './bundled.ts';
import { type Child, start } from './child.ts';

const COMMAND = 'src/bin/slack-mcp-consumer.ts';

/** The command `slack-mcp-consumer`, next to a backend of the test with the same queues. */
export interface CommandPlace {
  readonly backend: QueueBackend;
  readonly namespace: string;
  /** The folder of the application. */
  readonly cwd: string;
  /** The variables that select the backend and its queues. */
  readonly env: Readonly<Record<string, string>>;
  /** @param options - `npx`: whether npx starts it; see `start` */
  run(args: readonly string[], env?: object, options?: { npx?: boolean }): Child;
}

/** Creates one; its queues are removed after the test. */
export function commandPlace(harness: ConformanceHarness, groups: readonly string[] = []): CommandPlace {
  const namespace = `consumer-${randomUUID()}`;
  const backend = harness.create({ namespace, groups });
  const cwd = application(installed(harness));
  onTestFinished(async () => {
    await backend.close({ drainTimeoutMs: 0 });
    await harness.destroy(namespace);
  });
  const variables = harness.envFor(namespace);
  return {
    ...{ backend, namespace, cwd, env: variables },
    run: (args, env, options) => start(COMMAND, args, { ...options, cwd, env: { ...variables, ...env } }),
  };
}

/** How a command ended. */
export interface Done {
  readonly code: number | NodeJS.Signals;
  readonly output: string;
  readonly errors: string;
}

/** Where and with what a command runs. Default of `env`: none. */
export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Returns a function that runs the command until it ends, in one process for all tests of the file. See `commandHost`.
 */
export function hostedCommand(): (args: readonly string[], where: Surroundings) => Promise<Done> {
  const run = commandHost();
  return async (args, { cwd, env = {} }) => {
    const { code, stdout, stderr } = await run({ file: bundled(COMMAND), args, env, cwd });
    return { code, output: stdout, errors: stderr };
  };
}

/** Runs the command until it ends, in its own process. */
export async function ownCommand(args: readonly string[], where: Surroundings): Promise<Done> {
  const child = start(COMMAND, args, where);
  return { code: await child.ended, output: child.output(), errors: child.errors() };
}
