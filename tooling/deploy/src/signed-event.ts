import { createHmac } from 'node:crypto';

/** A request with an event, as Slack sends it. */
export interface SignedEvent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Creates and signs an event, by default in a channel of its own. */
export function signedEvent(secret: string, id: string, channel: string = `C${id}`): SignedEvent {
  const event = { type: 'app_mention', user: 'U1', channel, ts: '1700000000.000100', text: 'under load' };
  const body = JSON.stringify({ type: 'event_callback', event_id: id, team_id: 'T1', api_app_id: 'A1', event });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
  };
}
