import { KafkaBackend } from '@slack-mcp/backend-kafka';

await using backend = new KafkaBackend({ brokers: ['localhost:9092'], groups: ['workers'] });
await backend.publish('slack_events', { type: 'app_mention', text: 'hello' }, { orderingKey: 'C024BE91L' });
for await (const message of backend.consume({ group: 'workers' })) process.stdout.write(`${message.payload['text']}\n`);
