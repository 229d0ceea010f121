import { Agent } from 'node:http';
import { createSimulator } from '@slack-mcp/simulator';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { Chance } from '../src/chance.ts';
import { KEYS, SECRET } from '../src/mcp/credentials.ts';
import { type McpRequest, READERS_MARK } from '../src/mcp/request.ts';
import { sendRequest } from '../src/mcp/send-request.ts';
import { signedEvent } from '../src/mcp/signed-event.ts';
import { startServerProcess } from '../src/server-process.ts';

/** Maximum memory of the server in MiB, for any input. */
const MOST_MIB = 200;

/** Requests of a caller with read access: any path and method, any body, small or large, JSON or not. */
const request = fc
  .record({
    method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'DELETE', 'PUT'),
    path: fc.constantFrom('/mcp', '/', '/mcp/messages', '/mcp/sse', '/call_tool', '/list_tools'),
    session: fc.boolean(),
    modern: fc.boolean(),
    body: fc.oneof(
      fc.json({ maxDepth: 6 }),
      fc.string({ maxLength: 200 }),
      fc
        .record({
          jsonrpc: fc.constant('2.0'),
          id: fc.integer(),
          method: fc.constantFrom(
            'tools/call',
            'resources/subscribe',
            'subscriptions/listen',
            'initialize',
            'completion/complete',
          ),
          params: fc.jsonValue({ maxDepth: 3 }),
        })
        .map((message) => JSON.stringify(message)),
      fc
        .tuple(fc.constantFrom('[{},', '["x",', '[[', '{"a":'), fc.integer({ min: 1, max: 400_000 }))
        .map(([part, times]) => part.repeat(times)),
      fc
        .integer({ min: 1, max: 4_000_000 })
        .map(
          (length) =>
            `{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"slack://${'x'.repeat(length)}"}}`,
        ),
      fc
        .array(
          fc.constant({
            jsonrpc: '2.0',
            id: 1,
            method: 'tools/call',
            params: { name: 'slack_post_message', arguments: { channel: 'general', text: READERS_MARK } },
          }),
          { maxLength: 120 },
        )
        .map((batch) => JSON.stringify(batch.map((message, id) => ({ ...message, id })))),
    ),
  })
  .map(({ method, path, session, modern, body }) => ({ method, path, session, modern, body: Buffer.from(body) }));

test('answers every signed event and limits memory, for any input of a caller with read access', async () => {
  const simulator = await createSimulator({ signingSecret: SECRET });
  const server = await startServerProcess(new URL('../src/mcp/server-main.ts', import.meta.url), [
    simulator.url,
    'usual',
  ]);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  onTestFinished(async () => {
    agent.destroy();
    await server.stop();
    await simulator.close();
  });
  const authorization = `Bearer ${KEYS.reader}`;
  const types = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const opening = Buffer.from(
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"0"}}}',
  );
  const asReader = (request: Omit<McpRequest, 'sender'>) =>
    sendRequest(server.port, { sender: 'reader', ...request }, agent);
  const names = new Chance(2);

  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 30 }), async (requests) => {
      const { headers } = await asReader({
        method: 'POST',
        path: '/mcp',
        headers: { ...types, authorization },
        body: opening,
      });
      const session = headers['mcp-session-id'];
      const sent = requests.map(({ method, path, body, ...how }) =>
        asReader({
          method,
          path,
          body,
          headers: {
            ...types,
            authorization,
            ...(how.session && typeof session === 'string' ? { 'mcp-session-id': session } : {}),
            ...(how.modern ? { 'mcp-protocol-version': '2026-07-28' } : {}),
          },
        }),
      );
      const events = Array.from({ length: 3 }, () =>
        sendRequest(server.port, signedEvent(SECRET, `Ev${names.word(12)}`), agent),
      );
      expect((await Promise.all(events)).map(({ ending }) => ending)).toEqual([200, 200, 200]);
      const endings = (await Promise.all(sent)).map(({ ending }) => ending);
      expect(
        endings.filter(
          (ending) => ending === 'silent' || (typeof ending === 'number' && ending >= 500 && ending !== 503),
        ),
      ).toEqual([]);
    }),
    { seed: 3, numRuns: 25 },
  );
  expect(server.hasEnded).toBe(false);
  expect(await server.memory()).toBeLessThan(MOST_MIB);
  expect(JSON.stringify(await simulator.calls())).not.toContain(READERS_MARK);
});
