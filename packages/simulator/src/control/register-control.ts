import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SimulatorControl } from '../simulator-control.ts';
import { SlackApiError } from '../slack-api-error.ts';

/**
 * Maximum time in milliseconds that one request waits for the simulator. `connectSimulator` sends another request if
 * the result is not ready in time.
 */
const LONGEST_WAIT_MS = 30_000;

const text = z.string().min(1);
const event = z.looseObject({ type: text });
const place = { user: text, channel: text };
const reaction = z.object({ ...place, ts: text, emoji: text });
const message = z.object({ channel: text, ts: text });

/** Adds the HTTP routes that control the simulator from another process. Request and response bodies are JSON. */
export function registerControl(server: FastifyInstance, simulator: SimulatorControl): void {
  function post<T>(path: string, schema: z.ZodType<T>, act: (body: T) => Promise<unknown>): void {
    server.post<{ Body: string | undefined }>(`/control/${path}`, async (request, reply) => {
      try {
        const body = schema.parse(JSON.parse(request.body || '{}'));
        return reply.send((await act(body)) ?? {});
      } catch (error) {
        return reply.code(400).send({ error: describe(error) });
      }
    });
  }
  function get(path: string, read: (query: Record<string, string | undefined>) => Promise<unknown>): void {
    server.get<{ Querystring: Record<string, string | undefined> }>(`/control/${path}`, async (request, reply) => {
      try {
        return reply.send(await read(request.query));
      } catch (error) {
        return reply.code(400).send({ error: describe(error) });
      }
    });
  }

  const newMessage = z.object({ ...place, text, threadTs: text.optional(), broadcast: z.boolean().optional() });
  post('messages', newMessage, (body) => simulator.postMessage(body.user, body.channel, body.text, body));
  post('messages/unfurl', message, (body) => simulator.unfurl(body.channel, body.ts));
  post('messages/edit', message.extend({ text }), (body) => simulator.editMessage(body.channel, body.ts, body.text));
  post('messages/delete', message, (body) => simulator.deleteMessage(body.channel, body.ts));
  post('reactions', reaction, (body) => simulator.react(body.user, body.channel, body.ts, body.emoji));
  post('reactions/remove', reaction, (body) => simulator.unreact(body.user, body.channel, body.ts, body.emoji));
  post('channels', z.object({ user: text, name: text, isPrivate: z.boolean().optional() }), (body) =>
    simulator.createChannel(body.user, body.name, body),
  );
  post('channels/join', z.object(place), (body) => simulator.joinChannel(body.user, body.channel));

  post('events', event, (body) => simulator.deliver(body));
  post('events-url', z.object({ url: text, verify: z.boolean().optional() }), (body) =>
    simulator.setEventsUrl(body.url, body),
  );
  post('events-url/verify', z.object({}), () => simulator.verifyUrl());
  post('events-url/ssl-check', z.object({}), () => simulator.sslCheck());
  const cutOff = z.object({
    next: z.int().min(0),
    at: z.enum(['before-request', 'after-request', 'after-answer']).optional(),
  });
  post('cut-off', cutOff, (body) => simulator.cutOff(body.next, body));
  post('settled', z.object({ deliveryId: text }), ({ deliveryId }) => atMost(simulator.settled(deliveryId)));
  post('idle', z.object({}), () => atMost(simulator.idle()));

  const command = z.object({
    command: text,
    text: z.string().optional(),
    user: text.optional(),
    channel: text.optional(),
  });
  post('slash-commands', command, (body) => simulator.slashCommand(body));
  const action = z.object({
    actionId: text,
    blockId: text.optional(),
    value: z.string().optional(),
    type: text.optional(),
    user: text.optional(),
    channel: text.optional(),
    messageTs: text.optional(),
  });
  post('block-actions', action, (body) => simulator.blockAction(body));
  post('interactions', event, (body) => simulator.interact(body));

  const times = z.int().min(1).optional();
  post('limits', z.object({ method: text, retryAfterS: z.int().min(0).optional(), times }), (body) =>
    simulator.limit(body.method, body),
  );
  const failure = z.union([text, z.int().min(400).max(599)]);
  post('failures', z.object({ method: text, failure, times }), (body) =>
    simulator.fail(body.method, body.failure, body),
  );

  const reason = z.enum(['refresh_requested', 'warning', 'link_disabled', 'too_many_websockets']).optional();
  post('connections/refresh', z.object({ reason }), (body) => simulator.refreshConnections(body.reason));
  const trouble = z.enum([
    'no-upgrade',
    'no-hello',
    'disconnect-before-hello',
    'disconnect-after-hello',
    'close-after-hello',
  ]);
  post('connections/trouble', z.object({ trouble, times: z.int().min(0).optional() }), (body) =>
    simulator.troubleConnections(body.trouble, body),
  );
  get('connections', async () => ({
    connections: await simulator.connections(),
    attempts: await simulator.connectionAttempts(),
  }));

  get('state', () => simulator.state());
  get('messages', ({ channel }) => simulator.messages(channel ?? ''));
  get('deliveries', () => simulator.deliveries());
  get('responses', () => simulator.responses());
  get('calls', ({ method }) => simulator.calls(method));
}

/** Returns `{ done: true, result }`, or `{ done: false }` if the result takes longer than a request may wait. */
async function atMost(wait: Promise<unknown>): Promise<{ done: boolean; result?: unknown }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ done: false }>((resolve) => {
    timer = setTimeout(() => resolve({ done: false }), LONGEST_WAIT_MS);
  });
  try {
    return await Promise.race([wait.then((result) => ({ done: true, result })), late]);
  } finally {
    clearTimeout(timer);
  }
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof SlackApiError) return { code: error.code, message: error.message };
  if (error instanceof z.ZodError) return { code: 'invalid_request', message: z.prettifyError(error) };
  if (error instanceof SyntaxError) return { code: 'invalid_request', message: 'The body is not JSON' };
  return { code: 'failed', message: error instanceof Error ? error.message : String(error) };
}
