import { RabbitMQBackend } from '@slack-mcp/backend-rabbitmq';

await using backend = new RabbitMQBackend({ url: 'amqp://localhost:5672', groups: ['workers'] });
await backend.publish('slack_events', { type: 'app_mention', text: 'hello' });
for await (const message of backend.consume({ group: 'workers' })) process.stdout.write(`${message.payload['text']}\n`);
