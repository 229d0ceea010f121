import { createConsumer, createSlackClient } from '@slack-mcp/consumer';
import { loadBackend } from '@slack-mcp/core';
import { pino } from 'pino';

const logger = pino();
const { backend } = await loadBackend({ logger });
const slack = createSlackClient({ token: process.env['SLACK_BOT_TOKEN'] });
const consumer = createConsumer({ backend, slack, logger, group: 'bot' });

consumer.on('app_mention', (event, { say }) => say(`Hello <@${event.user}>!`));

// Runs until SIGTERM. Rejects if the broker refuses the connection, so that the process ends with 1 and is restarted.
await consumer.run();
await backend.close();
