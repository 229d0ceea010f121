import type { BackendPlugin } from '@slack-mcp/core';
import { MemoryBackend } from './memory-backend.ts';
import { MEMORY_ENV } from './options.ts';

export { MemoryBackend } from './memory-backend.ts';
export type { MemoryBackendOptions } from './options.ts';

const plugin: BackendPlugin = {
  apiVersion: 1,
  name: 'memory',
  env: MEMORY_ENV,
  Backend: MemoryBackend,
  taskQueue: './task-queue',
};

export default plugin;
