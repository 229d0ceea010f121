import { runInTwoProcesses } from '@slack-mcp/example-two-processes';

// Runs the example in a simulated workspace, with the RabbitMQ of compose.yaml or of RABBITMQ_URL.
await runInTwoProcesses({
  folder: new URL('..', import.meta.url),
  worker: 'src/worker.ts',
  group: 'rabbitmq-worker',
  reply: (text) => text.replace(/^<@\w+>/, 'Confirmed:'),
  backend: 'rabbitmq',
  env: { RABBITMQ_URL: process.env['RABBITMQ_URL'] ?? 'amqp://127.0.0.1:5672' },
});
