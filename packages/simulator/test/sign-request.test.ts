import { expect, test } from 'vitest';
import { signRequest } from '../src/index.ts';

test("produces the signature of the example in Slack's documentation", () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  const headers = signRequest({ signingSecret: '8f742231b10e8888abcd99yyyzzz85a5', body, timestamp: 1531420618 });
  expect(headers).toEqual({
    'x-slack-request-timestamp': '1531420618',
    'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  });
});

test('signs bytes like the text they encode, and uses the current time by default', () => {
  const now = Math.floor(Date.now() / 1000);
  const headers = signRequest({ signingSecret: 's', body: Buffer.from('grüße') });
  const timestamp = Number(headers['x-slack-request-timestamp']);
  expect(timestamp - now).toBeGreaterThanOrEqual(0);
  expect(signRequest({ signingSecret: 's', body: 'grüße', timestamp })).toEqual(headers);
});
