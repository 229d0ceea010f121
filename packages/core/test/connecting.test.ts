import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import {
  type BrokerNames,
  ConnectionProbe,
  connectionLost,
  connectionProblem,
  HandshakeError,
  type ProtocolProbe,
} from '../src/backend.ts';

const names: BrokerNames = { broker: 'Tiny', variables: 'TINY', address: 'TINY_HOSTS', otherProtocol: /not tiny/ };
const withUrl: BrokerNames = { ...names, address: 'TINY_URL', schemes: { plain: 'tiny://', tls: 'tinys://' } };
const protocol: ProtocolProbe = { request: 'HELLO\n', isAnswer: (bytes) => bytes[0] === 0x2b };

const failure = (code: string | undefined, message = 'failed'): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

const handshake = (code: string | undefined, tls: boolean, obstacle?: string, message?: string): HandshakeError =>
  new HandshakeError(failure(code, message), { tls, ...(obstacle === undefined ? {} : { obstacle }) });

test.each([
  [failure('ENOTFOUND'), 'ERR_QUEUE_HOST_NOT_FOUND', true, 'the host name does not resolve; check TINY_HOSTS'],
  [failure('EAI_AGAIN'), 'ERR_QUEUE_HOST_NOT_FOUND', true, 'the host name does not resolve'],
  [failure('ECONNREFUSED'), 'ERR_QUEUE_CONNECTION_REFUSED', true, 'is Tiny running'],
  [handshake('ECONNRESET', false, 'ECONNREFUSED'), 'ERR_QUEUE_CONNECTION_REFUSED', true, 'is Tiny running'],
  [handshake('ECONNRESET', false, 'tls'), 'ERR_QUEUE_TLS', false, 'the server requires TLS; set TINY_TLS=true'],
  [handshake('ECONNRESET', true, 'tls'), 'ERR_QUEUE_TLS', false, 'the server does not speak TLS; set TINY_TLS=false'],
  [handshake('EPROTO', true, undefined, 'wrong version number'), 'ERR_QUEUE_TLS', false, 'does not speak TLS'],
  [handshake('DEPTH_ZERO_SELF_SIGNED_CERT', true), 'ERR_QUEUE_TLS', false, 'set TINY_TLS_CA to the certificate of the'],
  [handshake('CERT_HAS_EXPIRED', true), 'ERR_QUEUE_TLS', false, 'has expired (CERT_HAS_EXPIRED); renew it'],
  [handshake('CERT_NOT_YET_VALID', true), 'ERR_QUEUE_TLS', false, 'check the clocks'],
  [handshake('ERR_TLS_CERT_ALTNAME_INVALID', true), 'ERR_QUEUE_TLS', false, 'is for another host name'],
  [
    handshake('HOSTNAME_MISMATCH', true),
    'ERR_QUEUE_TLS',
    false,
    'connect with a host name that the certificate contains',
  ],
  [handshake('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', true), 'ERR_QUEUE_TLS', false, 'check TINY_TLS and'],
  [handshake(undefined, false, undefined, 'not tiny'), 'ERR_QUEUE_PROTOCOL', false, 'the Tiny protocol'],
])('explains %s', (error, code, retryable, text) => {
  const problem = connectionProblem(error, 'publishing at tiny:1', names);
  expect(problem).toMatchObject({ code, retryable, cause: error });
  expect(problem?.message).toMatch(/^publishing at tiny:1: /);
  expect(problem?.message).toContain(text);
});

test('names the schemes of a URL and the variables of a client certificate', () => {
  const text = (error: Error): string | undefined => connectionProblem(error, 'here', withUrl)?.message;
  expect(text(handshake('', false, 'tls'))).toContain('use tinys:// or set TINY_TLS=true');
  expect(text(handshake('', true, 'tls'))).toContain('use tiny:// or set TINY_TLS=false');
  expect(text(handshake('', false, undefined, 'not tiny'))).toContain('(tinys://)');
  const code = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED';
  const problem = connectionProblem(handshake(code, true), 'here', { ...names, clientCertificate: true });
  expect(problem?.message).toContain('requires a client certificate; set TINY_TLS_CERT and TINY_TLS_KEY');
  expect(text(handshake(code, true))).toContain(`the TLS handshake failed (${code})`);
});

test('does not explain what may be the network', () => {
  for (const error of [failure('ECONNRESET'), failure('CERT_HAS_EXPIRED'), handshake('ECONNRESET', true), null, 'x']) {
    expect(connectionProblem(error, 'here', names)).toBeUndefined();
  }
  const lost = (...args: [unknown, string?]): string => connectionLost(args[0], 'here', names, args[1]).message;
  expect(lost(failure('EPIPE'))).toBe('here: EPIPE; is Tiny up and reachable?');
  expect(lost(failure(undefined))).toBe('here: the connection was lost; is Tiny up and reachable?');
  expect(lost(failure('EPIPE'), 'LOADING')).toBe('here: LOADING; is Tiny up and reachable?');
  expect(connectionLost(undefined, 'here', names)).toMatchObject({ code: 'ERR_QUEUE_CONNECTION', retryable: true });
});

async function serve(connected: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    connected(socket);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('detects a server without TLS by its answer, with one probe for concurrent failures', async () => {
  const requests: string[] = [];
  const port = await serve((socket) =>
    socket.on('data', (bytes) => {
      requests.push(String(bytes));
      socket.end('+OK\n');
    }),
  );
  const probe = new ConnectionProbe({ host: '127.0.0.1', port }, true, protocol);
  const error = handshake('ECONNRESET', true);
  const [first, second] = await Promise.all([probe.diagnose(error), probe.diagnose(error)]);
  expect(first).toMatchObject({ mismatch: true, tls: true });
  expect(second).toMatchObject({ mismatch: true, tls: true });
  expect(requests).toEqual(['HELLO\n']);
});

test('leaves the cause open if the answer is another one, or the server hangs up', async () => {
  const error = handshake('ECONNRESET', true);
  for (const answer of ['HTTP/1.1 400 Bad Request\r\n\r\n', '']) {
    const port = await serve((socket) => socket.end(answer));
    expect(await new ConnectionProbe({ host: '127.0.0.1', port }, true, protocol).diagnose(error)).toBe(error);
  }
});

test('finds a refused connection, and does not probe for a certain error', async () => {
  const probe = new ConnectionProbe({ host: '127.0.0.1', port: 1 }, false, protocol);
  expect(await probe.diagnose(handshake(undefined, false))).toMatchObject({ code: 'ECONNREFUSED', mismatch: false });
  const certain = [failure('ECONNRESET'), handshake('CERT_HAS_EXPIRED', true), handshake('', false, 'tls')];
  for (const error of certain) expect(await probe.diagnose(error)).toBe(error);
});

test('finds the reason of a server that refuses connections before it reads', async () => {
  const port = await serve((socket) => socket.end('full'));
  const refusing: ProtocolProbe = {
    ...protocol,
    readRefusal: (bytes) => (String(bytes) === 'full' ? 'full' : undefined),
  };
  const probe = new ConnectionProbe({ host: '127.0.0.1', port }, false, refusing);
  expect(await probe.diagnose(handshake('ECONNRESET', false))).toMatchObject({ code: 'full', mismatch: false });
});
