import { MemoryBackend } from '@slack-mcp/backend-memory';
import { createIntegratedServer } from '@slack-mcp/server';
import { memoryInUse } from '../memory-in-use.ts';
import { KEYS, SECRET } from './credentials.ts';

/** Runs ingress and tools in one process. */
const [slackUrl = '', rates = 'unlimited'] = process.argv.slice(2);
const backend = new MemoryBackend({ maxLength: 1_000 });

const work = { handled: 0 };

const server = createIntegratedServer({
  token: 'xoxb-simulator',
  apiUrl: slackUrl,
  signingSecret: SECRET,
  port: 0,
  backend,
  worker: async ({ backend: queue }) => {
    const subscription = queue.consume({ group: 'workers' });
    const reading = (async () => {
      for await (const _message of subscription) work.handled += 1;
    })();
    return {
      close: async () => {
        await subscription.close();
        await reading;
      },
    };
  },
  auth: {
    keys: [
      { name: 'reader', token: KEYS.reader, rights: 'read' },
      { name: 'writer', token: KEYS.writer },
    ],
    slackSigned: { rights: 'read' },
  },
  sessionIdleMs: 2_000,
  // Without quotas, so that every request reaches the code under test.
  quotas: rates === 'usual' ? {} : { callsPerMinute: 0, messagesPerSecond: 0, bytesPerSecond: 0 },
  processMetrics: true,
});
await server.start();
process.send?.(server.address);
process.on('message', (asked) => process.send?.(asked === 'handled' ? work.handled : memoryInUse()));
process.once('disconnect', () => process.exit());
