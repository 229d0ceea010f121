import { createHmac } from 'node:crypto';
import type { McpRequest } from './request.ts';

/** Creates a genuine Slack event. */
export function signedEvent(secret: string, id: string): McpRequest {
  const body = Buffer.from(
    JSON.stringify({
      type: 'event_callback',
      api_app_id: 'A0APP00001',
      team_id: 'T0TEAM0001',
      event_id: id,
      event_time: 1_700_000_000,
      event: { type: 'app_mention', channel: 'C0CHANNEL1', user: 'U0USER0001', text: 'hello', ts: '1700000000.000100' },
    }),
  );
  const seconds = Math.floor(Date.now() / 1000);
  const digest = createHmac('sha256', secret).update(`v0:${seconds}:`).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': String(seconds),
    'x-slack-signature': `v0=${digest}`,
  };
  return { sender: 'slack', method: 'POST', path: '/slack/events', headers, body };
}
