import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createHttpApp } from '../../src/http/http-app.ts';
import { errorOf, recordingLogger } from '../support/ingress-server.ts';

async function start(routes: (app: FastifyInstance) => void = () => {}, options: { requestTimeoutMs?: number } = {}) {
  const logger = recordingLogger();
  const { app, beginClosing } = createHttpApp({ logger, ...options });
  routes(app);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => {
    app.server.closeAllConnections();
    return app.close();
  });
  return { app, beginClosing, url, log: logger.lines };
}

describe('the HTTP application', () => {
  test('answers unknown paths with the common error format', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/nothing?secret=1`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: {
        code: 'not_found',
        message: 'No route matches GET /nothing.',
        component: 'http',
        details: {},
        correlation_id: response.headers.get('x-correlation-id'),
      },
    });
  });

  test.each([
    ['that is valid', 'req-1.a:b_c', true],
    ['that contains a space', 'a b', false],
    ['that is too long', 'x'.repeat(129), false],
    ['that is empty', '', false],
  ])('a correlation id %s is accepted: %s → %s', async (_what, id, taken) => {
    const { url } = await start();
    const given = (await fetch(url, { headers: { 'x-correlation-id': id } })).headers.get('x-correlation-id');
    expect(given === id).toBe(taken);
    expect(given).toMatch(/^[A-Za-z0-9._:-]{1,128}$/);
  });

  test('logs internal errors and hides them from the client', async () => {
    const { url, log } = await start((app) => {
      app.get('/broken', async () => {
        throw new Error('the database password is wrong');
      });
    });
    const response = await fetch(`${url}/broken`);
    expect(response.status).toBe(500);
    const error = await errorOf(response);
    expect(error).toMatchObject({ code: 'internal', component: 'http' });
    expect(JSON.stringify(error)).not.toMatch(/password/);
    expect(log.join()).toContain(`"correlationId":"${error['correlation_id']}"`);
  });

  test.each([
    ['not JSON', '/echo', 'application/json', '{"text":"sesame"', 400, 'bad_request'],
    ['another media type', '/echo', 'text/xml', '<a/>', 415, 'unsupported_media_type'],
    ['a body above the limit', '/echo', 'application/json', `"${'x'.repeat(2 ** 20)}"`, 413, 'body_too_large'],
    ['a path that cannot be decoded', '/%', 'application/json', '{}', 400, 'bad_request'],
  ])('rejects %s', async (_what, path, type, body, status, code) => {
    const { url } = await start((app) => {
      app.post('/echo', async (request) => request.body);
    });
    const response = await fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': type }, body });
    expect(response.status).toBe(status);
    const error = await errorOf(response);
    expect(error).toMatchObject({ code, component: 'http' });
    expect(JSON.stringify(error)).not.toMatch(/sesame/);
  });

  test('keeps connections open between requests, and closes them after the request in flight when it stops', async () => {
    const entered = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const { app, url } = await start((app) => {
      app.addHook('preClose', async () => gate.resolve());
      app.get('/fast', async () => 'fast');
      app.get('/slow', async () => {
        entered.resolve();
        await gate.promise;
        return 'slow';
      });
    });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.setEncoding('utf8').on('data', (text) => {
      received += text;
    });
    socket.write('GET /fast HTTP/1.1\r\nhost: x\r\n\r\n');
    await vi.waitFor(() => expect(received).toMatch(/keep-alive[\s\S]*fast$/i), 10_000);
    socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
    await entered.promise;
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await Promise.all([ended, app.close()]);
    expect(received).toMatch(/connection: close[\s\S]*slow$/i);
  });

  test('answers a request that arrives on an idle connection after the port is closed', async () => {
    const { app, beginClosing, url } = await start((app) => app.get('/', async () => 'answered'));
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    let received = '';
    socket.on('data', (text) => {
      received += text;
    });
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await vi.waitFor(() => expect(received).toMatch(/answered$/), 10_000);
    beginClosing(60_000);
    const closed = app.close();
    await vi.waitFor(() => expect(app.server.listening).toBe(false), 10_000);
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await Promise.all([new Promise((resolve) => socket.once('close', resolve)), closed]);
    expect(received).toMatch(/answered[\s\S]*connection: close[\s\S]*answered$/i);
  });

  test('answers all requests that arrived together before it closes, and no later ones', async () => {
    const handled: string[] = [];
    const gate = Promise.withResolvers<void>();
    const { app, url } = await start((app) => {
      app.get('/:name', async (request) => {
        const { name } = request.params as { name: string };
        handled.push(name);
        if (name === 'first') await gate.promise;
        return name;
      });
    });
    const { hostname, port } = new URL(url);
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true }).setEncoding('utf8');
    let received = '';
    socket.on('data', (text) => {
      received += text;
    });
    socket.write('GET /first HTTP/1.1\r\nhost: x\r\n\r\nGET /second HTTP/1.1\r\nhost: x\r\n\r\n');
    await vi.waitFor(() => expect(handled).toContain('second'), 10_000);
    const closed = app.close();
    const ended = new Promise((resolve) => socket.once('end', resolve));
    gate.resolve();
    await ended;
    socket.end('GET /third HTTP/1.1\r\nhost: x\r\n\r\n');
    await closed;
    expect(received).toMatch(/first[\s\S]*second$/);
    expect(handled).toEqual(['first', 'second']);
  });

  test.each([
    ['headers', 'POST /echo HTTP/1.1\r\nhost: x\r\n'],
    ['a body', 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{'],
  ])('closes a connection on which %s stopped midway', async (_what, sent) => {
    const { url } = await start((app) => app.post('/echo', async () => 'echo'), { requestTimeoutMs: 200 });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    let received = '';
    socket.on('data', (text) => {
      received += text;
    });
    socket.write(sent);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
  });

  test.each([
    ['bytes that are not HTTP', 'hello\r\n\r\n', {}, 400, 'bad_request'],
    [
      'headers above the limit',
      `GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(20_000)}\r\n\r\n`,
      {},
      431,
      'headers_too_large',
    ],
    ['headers that never arrive', 'GET / HTTP/1.1\r\n', { requestTimeoutMs: 100 }, 408, 'request_timeout'],
  ])('answers %s in the common error format, also below the routes', async (_what, sent, options, status, code) => {
    const { url } = await start(() => {}, options);
    const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
    let received = '';
    socket.on('data', (text) => {
      received += text;
    });
    socket.on('error', () => {});
    socket.write(sent);
    await new Promise((resolve) => socket.once('close', resolve));
    const [head = '', body = ''] = received.split('\r\n\r\n');
    const { error } = JSON.parse(body) as { error: Record<string, unknown> };
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(error).toMatchObject({ code, component: 'http', details: {} });
    expect(head).toContain(`x-correlation-id: ${error['correlation_id']}`);
  });

  test.each(['/echo', '/echo/', '/echo?a=1'])(
    'answers another method on %s with 405 and the allowed methods',
    async (path) => {
      const { url } = await start((app) => app.post('/echo', async () => 'echo'));
      const response = await fetch(`${url}${path}`);
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
      expect(await errorOf(response)).toMatchObject({ code: 'method_not_allowed', component: 'http' });
    },
  );

  test.each(['/(', '/:id', '/*', '/%25', '/a/b/c/../d', `/${'x'.repeat(2_000)}`])('answers 404 at %s', async (path) => {
    const { url } = await start((app) => app.post('/echo/:id', async () => 'echo'));
    expect((await fetch(`${url}${path}`)).status).toBe(404);
  });

  test('keeps an idle connection open, and serves a later request on it', async () => {
    const { app, url } = await start((scope) => scope.get('/echo', async () => 'echo'), { requestTimeoutMs: 100 });
    expect(app.server.requestTimeout).toBeGreaterThanOrEqual(60_000);
    expect(app.server.headersTimeout).toBeGreaterThanOrEqual(60_000);
    const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
    onTestFinished(() => void socket.destroy());
    let received = '';
    socket.on('data', (text) => {
      received += text;
    });
    // Meanwhile a request begins on another connection, and is late by then.
    const late = connect(Number(new URL(url).port), '127.0.0.1');
    late.write('GET / HTTP/1.1\r\n');
    await new Promise((resolve) => late.resume().once('close', resolve));
    expect(socket.readyState).toBe('open');
    for (let request = 1; request <= 2; request += 1) {
      socket.write('GET /echo HTTP/1.1\r\nhost: x\r\n\r\n');
      await expect.poll(() => received.split('200 OK').length - 1, { timeout: 20_000 }).toBe(request);
    }
  });

  test('times the second request of a connection separately, without the duration of slow answers', async () => {
    const answer = Promise.withResolvers<string>();
    const { url } = await start((scope) => scope.get('/slow', () => answer.promise), { requestTimeoutMs: 100 });
    const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
    let received = '';
    socket.on('data', (text) => {
      received += text;
    });
    socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
    const late = connect(Number(new URL(url).port), '127.0.0.1');
    late.write('GET / HTTP/1.1\r\n');
    await new Promise((resolve) => late.resume().once('close', resolve));
    answer.resolve('at last');
    await expect.poll(() => received, { timeout: 20_000 }).toMatch(/at last/);
    socket.write('GET /slow HTTP/1.1\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(received).toMatch(/HTTP\/1\.1 408 /);
  });
});
