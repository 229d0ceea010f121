import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { appOfSigners } from '../src/signature/app-of-signers.ts';
import { signRequest } from '../src/signature/sign-request.ts';
import { verifySignature } from '../src/signature/verify-signature.ts';

const SECRET = 'a-signing-secret-of-the-tests';

const NOW = 1_700_000_000;
const BODY = Buffer.from('{"type":"event_callback"}');

function word(result: ReturnType<typeof verifySignature>): string {
  return 'fault' in result ? result.fault : 'valid';
}

function verdict(
  change: { body?: Buffer; timestamp?: string | undefined; signature?: string | undefined } = {},
  { secrets = [SECRET], now = NOW } = {},
) {
  const headers = signRequest(BODY, SECRET, NOW * 1000);
  const request = {
    body: BODY,
    timestamp: headers['x-slack-request-timestamp'],
    signature: headers['x-slack-signature'],
    ...change,
  };
  return word(
    verifySignature(
      request,
      secrets.map((secret) => ({ secret })),
      now * 1000,
    ),
  );
}

describe('verifySignature', () => {
  test("accepts the example of Slack's documentation", () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
      '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
      '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const result = verifySignature(
      {
        body: Buffer.from(body),
        timestamp: '1531420618',
        signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      },
      [{ secret: '8f742231b10e8888abcd99yyyzzz85a5' }],
      1_531_420_618_000,
    );
    expect(word(result)).toBe('valid');
  });

  test.each([
    ['as signed', {}, 'valid'],
    ['without a signature', { signature: undefined }, 'missing_signature'],
    ['without a timestamp', { timestamp: undefined }, 'missing_signature'],
    ['with an empty signature', { signature: '' }, 'missing_signature'],
    ['another body', { body: Buffer.from('{"type":"event_callback" }') }, 'wrong_signature'],
    ['another timestamp', { timestamp: String(NOW - 1) }, 'wrong_signature'],
    ['a timestamp that is not an integer', { timestamp: `${NOW}.5` }, 'malformed_timestamp'],
    ['a negative timestamp', { timestamp: `-${NOW}` }, 'malformed_timestamp'],
    ['half a signature', { signature: 'v0=abcd' }, 'malformed_signature'],
    ['another version', { signature: `v1=${'0'.repeat(64)}` }, 'unknown_version'],
  ] as const)('%s: %s → %s', (_name, change, expected) => {
    expect(verdict(change)).toBe(expected);
  });

  test.each([
    [0, 'valid'],
    [300, 'valid'],
    [-300, 'valid'],
    [301, 'stale_timestamp'],
    [-301, 'stale_timestamp'],
  ] as const)('checks a clock that is %i s ahead → %s', (ahead, expected) => {
    expect(verdict({}, { now: NOW + ahead })).toBe(expected);
  });

  test('accepts each of several secrets and no other', () => {
    expect(verdict({}, { secrets: ['the-next-one', SECRET] })).toBe('valid');
    expect(verdict({}, { secrets: [SECRET, 'the-next-one'] })).toBe('valid');
    expect(verdict({}, { secrets: ['the-next-one'] })).toBe('wrong_signature');
    expect(verdict({}, { secrets: [] })).toBe('wrong_signature');
  });

  test('compares bytes, not text', () => {
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const digest = createHmac('sha256', SECRET).update(`v0:${NOW}:`).update(body).digest('hex');
    const signature = `v0=${digest}`;
    expect(verdict({ body, signature })).toBe('valid');
    expect(verdict({ body: Buffer.from(body.toString()), signature })).toBe('wrong_signature');
  });
});

describe('several apps', () => {
  const now = NOW * 1000;
  const signed = (secret: string) => {
    const headers = signRequest(BODY, secret, NOW * 1000);
    return { body: BODY, timestamp: headers['x-slack-request-timestamp'], signature: headers['x-slack-signature'] };
  };
  const secrets = [
    { secret: 'of a', appId: 'A1' },
    { secret: 'of b', appId: 'B1' },
    { secret: 'of b', appId: 'A2' },
  ];

  test('returns the secrets that match a signature', () => {
    expect(verifySignature(signed('of a'), secrets, now)).toEqual({ signers: [secrets[0]] });
    expect(verifySignature(signed('of b'), secrets, now)).toEqual({ signers: secrets.slice(1) });
  });

  const a = { secret: 'of a', appId: 'A1' };
  const b = { secret: 'of b', appId: 'B1' };
  const any = { secret: 'of any' };

  test.each([
    ['its own app', [a], 'A1', { appId: 'A1' }],
    ['another app', [a], 'B1', { fault: 'signed_by_another_app' }],
    ['one of the apps that share a secret', [a, { secret: 'of a', appId: 'B1' }], 'B1', { appId: 'B1' }],
    ['any app, if the secret names none', [any], 'B1', { appId: 'B1' }],
  ] as const)('a secret vouches for %s', (_name, signers, named, expected) => {
    expect(appOfSigners(named, { signers, secrets: [a, b], mayBeUnnamed: false })).toEqual(expected);
  });

  test.each([undefined, null, '', ['A1'], 7])(
    'rejects a payload that names no app (%j) if several apps sign',
    (named) => {
      const unnamed = { signers: [b], secrets: [a, b], mayBeUnnamed: false };
      expect(appOfSigners(named, unnamed)).toEqual({ fault: 'app_not_named' });
      // Slack omits the app in some kinds, which belong to their signer and never to another app.
      expect(appOfSigners(named, { ...unnamed, mayBeUnnamed: true })).toEqual({ appId: 'B1' });
    },
  );

  test('assigns a payload that names no app to the only app, also during a rotation', () => {
    const next = { secret: 'the next of a', appId: 'A1' };
    expect(appOfSigners(undefined, { signers: [next], secrets: [a, next], mayBeUnnamed: false })).toEqual({
      appId: 'A1',
    });
    expect(appOfSigners(undefined, { signers: [any], secrets: [any], mayBeUnnamed: false })).toEqual({
      appId: undefined,
    });
  });
});
