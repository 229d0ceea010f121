import { runInTwoProcesses } from '@slack-mcp/example-two-processes';

// Runs the example in a simulated workspace, with the Kafka of compose.yaml or of KAFKA_BOOTSTRAP_SERVERS.
await runInTwoProcesses({
  folder: new URL('..', import.meta.url),
  worker: 'src/worker.ts',
  group: 'kafka-worker',
  reply: (text) => text.replace(/^<@\w+>/, 'Confirmed:'),
  backend: 'kafka',
  env: { KAFKA_BOOTSTRAP_SERVERS: process.env['KAFKA_BOOTSTRAP_SERVERS'] ?? '127.0.0.1:9092' },
});
