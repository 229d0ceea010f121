import { createHmac, timingSafeEqual } from 'node:crypto';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import Fastify from 'fastify';

// An alternative in its own process: `fastify`, a minimal route that verifies and parses, or `bolt`, its HTTP receiver
// with an app that listens to mentions. Neither stores events.
const [kind, port, secret = ''] = process.argv.slice(2);

if (kind === 'fastify') {
  const app = Fastify({ logger: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/slack/events', (request, reply) => {
    const body = request.body;
    const timestamp = String(request.headers['x-slack-request-timestamp']);
    const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
    const given = Buffer.from(String(request.headers['x-slack-signature']));
    const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300;
    const wanted = Buffer.from(`v0=${expected}`);
    if (!isFresh || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return reply.code(401).send();
    const { type } = JSON.parse(body.toString());
    return reply.code(type === 'event_callback' ? 200 : 400).send();
  });
  await app.listen({ port: Number(port), host: '127.0.0.1' });
} else {
  const app = new App({
    receiver: new HTTPReceiver({ signingSecret: secret, logLevel: LogLevel.ERROR }),
    authorize: async () => ({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'U1' }),
    logLevel: LogLevel.ERROR,
  });
  app.event('app_mention', async () => {});
  await app.start(Number(port));
}
