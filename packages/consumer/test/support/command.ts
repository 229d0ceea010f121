import { randomUUID } from 'node:crypto';
import type { ConformanceHarness } from '@slack-mcp/conformance';
import type { QueueBackend } from '@slack-mcp/core';
import { onTestFinished } from 'vitest';
import { application, installed } from './application.ts';
import { type Child, start } from './child.ts';

/** The command `slack-mcp-consumer`, next to a backend of the test with the same queues. */
export interface CommandPlace {
  readonly backend: QueueBackend;
  readonly namespace: string;
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
  return {
    backend,
    namespace,
    run: (args, env, options) =>
      start('src/bin/slack-mcp-consumer.ts', args, { ...options, cwd, env: { ...harness.envFor(namespace), ...env } }),
  };
}
