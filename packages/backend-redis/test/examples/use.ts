import { RedisBackend } from '@slack-mcp/backend-redis';

await using backend = new RedisBackend({ url: 'redis://localhost:6379', groups: ['workers'] });
await backend.publish('slack_events', { type: 'app_mention', text: 'hello' });
for await (const message of backend.consume({ group: 'workers' })) process.stdout.write(`${message.payload['text']}\n`);
