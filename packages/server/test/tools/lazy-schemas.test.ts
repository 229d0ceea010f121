import { expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';

it('of a tool are built when they are read, not at the start of the process', async () => {
  let built = 0;
  z.config({
    postProcessor: () => {
      built += 1;
    },
  });
  onTestFinished(() => void z.config({ postProcessor: undefined }));
  vi.resetModules();
  const { knownToolsets } = await import('../../src/tools/toolsets/known-toolsets.ts');
  expect(built).toBe(0);

  const { inputSchema } = knownToolsets.get('slack_post_message') ?? {};
  expect(inputSchema).toMatchObject({ type: 'object', required: ['channel', 'text'] });
  expect(built).toBeGreaterThan(0);
});
