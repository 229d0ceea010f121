import { readKeySettings, silentLogger } from '@slack-mcp/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIngress } from '../../src/ingress/ingress.ts';
import { FORM_TYPE, form, JSON_TYPE, SECRET, signedHeaders } from '../support/signed.ts';

const types = fc.constantFrom(JSON_TYPE, FORM_TYPE, `${JSON_TYPE}; charset=utf-8`, 'text/plain', '');
const payloads = fc.object({ withDate: false, maxDepth: 3 }).map((fields) => JSON.stringify(fields));
const envelopes = payloads.map((event) => `{"type":"event_callback","event":{"type":"message","x":${event}}}`);
const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .oneof(
      fc.json(),
      envelopes,
      envelopes.map((payload) => form({ payload })),
      fc.webQueryParameters(),
    )
    .map(Buffer.from),
);

function pipeline() {
  const published: object[] = [];
  const ingress = createIngress({
    backend: { publish: async (_key, payload) => void published.push(payload) },
    signingSecrets: [{ secret: SECRET }],
    keys: readKeySettings({}),
    logger: silentLogger,
  });
  return { ingress, published };
}

test('answers every signed request, and 200 means published', async () => {
  await fc.assert(
    fc.asyncProperty(bodies, types, async (body, contentType) => {
      const { ingress, published } = pipeline();
      const headers = signedHeaders(body);
      const answer = await ingress.receive({
        body,
        contentType,
        timestamp: headers['x-slack-request-timestamp'],
        signature: headers['x-slack-signature'],
        correlationId: 'c',
      });
      expect([200, 400, 415]).toContain(answer.status);
      expect(published).toHaveLength(answer.status === 200 ? 1 : 0);
      expect(answer.noRetry).toBe(answer.status === 200 ? undefined : true);
    }),
    { numRuns: 500 },
  );
});

test('rejects every unsigned request and publishes nothing', async () => {
  const signatures = fc.oneof(fc.string(), fc.stringMatching(/^v0=[0-9a-f]{64}$/), fc.constant(undefined));
  const timestamps = fc.oneof(fc.string(), fc.constant(undefined), fc.constant(String(Math.floor(Date.now() / 1000))));
  await fc.assert(
    fc.asyncProperty(bodies, types, timestamps, signatures, async (body, contentType, timestamp, signature) => {
      const { ingress, published } = pipeline();
      const answer = await ingress.receive({ body, contentType, timestamp, signature, correlationId: 'c' });
      expect([answer.status, answer.noRetry, published]).toEqual([401, undefined, []]);
    }),
    { numRuns: 500 },
  );
});
