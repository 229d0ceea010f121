import { verifySlackRequest } from '@slack/bolt';
import { verifySignature } from '@slack-mcp/slack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SECRET, signedHeaders } from '../support/signed.ts';

const NOW = 1_700_000_000;

interface Signed {
  readonly body: string;
  readonly timestamp: string;
  readonly signature: string;
}

function boltAccepts({ body, timestamp, signature }: Signed): boolean {
  try {
    verifySlackRequest({
      signingSecret: SECRET,
      body,
      headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(timestamp) },
      nowMilliseconds: NOW * 1000,
    });
    return true;
  } catch {
    return false;
  }
}

function oursAccepts({ body, timestamp, signature }: Signed): boolean {
  return !(
    'fault' in verifySignature({ body: Buffer.from(body), timestamp, signature }, [{ secret: SECRET }], NOW * 1000)
  );
}

function sign(body: string, seconds: number, secret = SECRET): Signed {
  const headers = signedHeaders(body, { secret, seconds });
  return {
    body,
    timestamp: headers['x-slack-request-timestamp'] as string,
    signature: headers['x-slack-signature'] as string,
  };
}

const changes: readonly ((signed: Signed) => Signed)[] = [
  (signed) => signed,
  (signed) => ({ ...signed, body: `${signed.body} ` }),
  (signed) => ({ ...signed, timestamp: String(Number(signed.timestamp) - 1) }),
  (signed) => ({ ...signed, signature: signed.signature.replace('v0', 'v1') }),
  (signed) => ({ ...signed, signature: signed.signature.slice(0, -1) }),
  (signed) => ({ ...signed, signature: `${signed.signature}0` }),
  (signed) => sign(signed.body, Number(signed.timestamp), 'another secret'),
];

test('agrees with Bolt on every request from the past', () => {
  const bodies = fc.oneof(
    fc.json(),
    fc.webQueryParameters(),
    fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
  );
  fc.assert(
    fc.property(bodies, fc.integer({ min: 0, max: 600 }), fc.constantFrom(...changes), (body, age, change) => {
      const request = change(sign(body, NOW - age));
      expect(oursAccepts(request)).toBe(boltAccepts(request));
    }),
    { numRuns: 2_000 },
  );
});

test('rejects requests from the future, which Bolt accepts', () => {
  const request = sign('{}', NOW + 86_400);
  expect([oursAccepts(request), boltAccepts(request)]).toEqual([false, true]);
});
