import { createHmac } from 'node:crypto';
import type { Chance } from '../chance.ts';
import { type Body, FORM_TYPE, makeBody, mutateBody } from './bodies.ts';

export const SECRET = 'the-signing-secret-of-the-fuzzed-server';

/** The expected outcome of a request. */
export type Expectation =
  /** A genuine Slack request: accepted. */
  | 'taken'
  /** Correctly signed: accepted, or refused permanently with a reason. */
  | 'signed'
  /** Not signed: never accepted. */
  | 'unsigned'
  /** Does not need a signature: answered with 200, and nothing is published. */
  | 'ssl_check'
  /** Invalid HTTP: refused, or the connection is closed. */
  | 'broken';

/** A request with its exact bytes. */
export interface FuzzRequest {
  readonly bytes: Buffer;
  readonly promise: Expectation;
  /** Whether it is the last request on its connection. */
  readonly end: boolean;
}

/** Creates a request. Always the same for a seed, except for the time of its signature. */
export function makeRequest(chance: Chance, nowSeconds: number): FuzzRequest {
  if (chance.once(60)) return makeBroken(chance, nowSeconds);
  const isMutated = chance.below(10) < 6;
  const original = makeBody(chance);
  const body = isMutated && chance.once(2) ? mutateBody(original, chance) : original;
  const headers = signed(body, String(nowSeconds));
  const isIntact = !isMutated || body !== original;
  const isGood = isIntact || !mutateSignature(headers, body, chance, nowSeconds);
  const line = mutateRest(headers, chance, isMutated);
  const promise = promiseOf(body, headers, { isGood, isIntact: !isMutated });
  return { bytes: Buffer.concat([head(line, headers), body.bytes]), promise, end: false };
}

function promiseOf(
  body: Body,
  headers: HeaderList,
  { isGood, isIntact }: { isGood: boolean; isIntact: boolean },
): Expectation {
  if (isSslCheck(headerOf(headers, 'content-type'), body.bytes)) return 'ssl_check';
  if (!isGood) return 'unsigned';
  return isIntact ? 'taken' : 'signed';
}

/** Implemented independently of the server. */
function isSslCheck(type: string | undefined, bytes: Buffer): boolean {
  if (type?.split(';')[0]?.trim().toLowerCase() !== FORM_TYPE) return false;
  return bytes.length <= 4096 && new URLSearchParams(bytes.toString()).get('ssl_check') === '1';
}

type HeaderList = [name: string, value: string][];

function headerOf(headers: HeaderList, name: string): string | undefined {
  return headers.find(([own]) => own === name)?.[1];
}

function replace(headers: HeaderList, name: string, value: string | undefined): void {
  const index = headers.findIndex(([own]) => own === name);
  if (index >= 0) headers.splice(index, 1, ...(value === undefined ? [] : [[name, value] as [string, string]]));
}

function signed({ type, bytes }: Body, timestamp: string, secret = SECRET): HeaderList {
  return [
    ['host', '127.0.0.1'],
    ['content-type', type],
    ['content-length', String(bytes.length)],
    ['x-slack-request-timestamp', timestamp],
    ['x-slack-signature', signatureOf(bytes, timestamp, secret)],
  ];
}

function signatureOf(bytes: Buffer, timestamp: string, secret: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(bytes).digest('hex')}`;
}

const TIME = 'x-slack-request-timestamp';
const SIGNATURE = 'x-slack-signature';

/** Always breaks the timestamp or the signature. */
function mutateSignature(headers: HeaderList, { bytes }: Body, chance: Chance, now: number): true {
  const good = headerOf(headers, SIGNATURE) ?? '';
  const sign = (timestamp: string, secret = SECRET): void => {
    replace(headers, TIME, timestamp);
    replace(headers, SIGNATURE, signatureOf(bytes, timestamp, secret));
  };
  const broken: readonly (() => void)[] = [
    () => replace(headers, SIGNATURE, undefined),
    () => replace(headers, TIME, undefined),
    () => replace(headers, SIGNATURE, ''),
    () => replace(headers, SIGNATURE, good.toUpperCase()),
    () => replace(headers, SIGNATURE, good.replace('v0', chance.pick(['v1', 'V0', '', 'v00']))),
    () => replace(headers, SIGNATURE, good.slice(0, 3 + chance.below(64))),
    () => replace(headers, SIGNATURE, `${good}${chance.pick(['0', ',', ` ,${good}`, '\u00e9'])}`),
    () => replace(headers, SIGNATURE, `v0=${chance.bytes(32).toString('hex')}`),
    () => headers.push([SIGNATURE, good]),
    () => headers.push([TIME, String(now)]),
    () => replace(headers, TIME, String(now - 1 - chance.below(200))),
    () => sign(String(now + chance.pick([-1, 1]) * (400 + chance.below(100_000)))),
    () =>
      sign(chance.pick(['', '-1', '1e9', `${now}.0`, `0x${now.toString(16)}`, `${now} ${now}`, '9'.repeat(40), 'NaN'])),
    () => sign(String(now), chance.word(20)),
    () => sign(String(now), ''),
    () => replace(headers, SIGNATURE, signatureOf(Buffer.alloc(0), String(now), SECRET).replace(/.$/, 'g')),
  ];
  chance.pick(broken)();
  return true;
}

const METHODS = ['GET', 'PUT', 'OPTIONS', 'DELETE', 'PATCH', 'PROPFIND'];
const PATHS = ['/slack/events', '/slack/interactivity', '/slack/commands'];
const OTHER_PATHS = ['/', '/slack', '/slack/events/../x', '/slack/%00', '//', '/%', '/slack/events?x=%zz'];
const TYPES = [
  'text/plain',
  ';',
  'application/json;charset=utf-16',
  'APPLICATION/JSON ; a="b',
  'multipart/form-data',
  '\u00ff',
  '',
];

/** Changes parts other than body and signature, and returns the request line. */
function mutateRest(headers: HeaderList, chance: Chance, isMutated: boolean): string {
  const path = chance.pick(PATHS);
  if (!isMutated || chance.once(2)) return `POST ${path} HTTP/1.1`;
  const name = chance.word(1 + chance.below(20));
  const changes: readonly (() => void)[] = [
    () => replace(headers, 'content-type', chance.once(4) ? undefined : chance.pick(TYPES)),
    () => headers.push(['x-slack-retry-num', chance.pick(['1', '-1', 'x'.repeat(100), '\u00e9', '1\t2'])]),
    () => headers.push(['x-slack-retry-reason', chance.pick(['http_timeout', '\u0080', 'a'.repeat(65)])]),
    () => headers.push(['x-correlation-id', chance.pick(['trace-1', '..', '\u00e9', 'x'.repeat(200), '{}'])]),
    () => headers.push(['content-encoding', chance.pick(['gzip', 'br', 'identity'])]),
    () => headers.push(['expect', chance.pick(['100-continue', 'miracles'])]),
    () => headers.push([name, chance.word(chance.pick([10, 1_000, 20_000]))]),
    () => headers.push(['cookie', '='.repeat(100)], ['connection', 'keep-alive, x'], ['te', 'trailers']),
  ];
  chance.pick(changes)();
  if (!chance.once(8)) return `POST ${path} HTTP/1.1`;
  return `${chance.once(2) ? chance.pick(METHODS) : 'POST'} ${chance.pick([...PATHS, ...OTHER_PATHS])} HTTP/1.1`;
}

/** Creates invalid HTTP, for a separate connection. */
function makeBroken(chance: Chance, now: number): FuzzRequest {
  const made = makeBody(chance);
  // A body that needs no signature would be accepted if the request happens to be complete.
  const body = isSslCheck(made.type, made.bytes) ? { type: made.type, bytes: Buffer.from('ssl_check=2') } : made;
  const headers = signed(body, String(now));
  replace(headers, SIGNATURE, `v0=${'0'.repeat(64)}`);
  const line = 'POST /slack/events HTTP/1.1';
  const length = body.bytes.length;
  const whole = (): Buffer => Buffer.concat([head(line, headers), body.bytes]);
  const withHeader = (name: string, value: string): Buffer => {
    headers.push([name, value]);
    return whole();
  };
  const chunked = (text: string): Buffer => {
    replace(headers, 'content-length', undefined);
    headers.push(['transfer-encoding', 'chunked']);
    return Buffer.concat([head(line, headers), Buffer.from(text)]);
  };
  const broken: readonly (() => Buffer)[] = [
    () => chance.bytes(1 + chance.below(500)),
    () => whole().subarray(0, chance.below(whole().length)),
    () => Buffer.from(whole().toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
    () =>
      Buffer.from(
        whole()
          .toString('latin1')
          .replace('HTTP/1.1', chance.pick(['HTTP/9.9', 'HTTP/0.9', 'HTTP', ''])),
        'latin1',
      ),
    () => Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    () => withHeader('content-length', String(length + 1)),
    () => withHeader('transfer-encoding', 'chunked'),
    () => withHeader('transfer-encoding', 'gzip, x'),
    () => withHeader('bad header', 'x'),
    () => withHeader('x', 'a\u0000b'),
    () => withHeader('x\r\ny', '1'),
    () => chunked('zz\r\nabc\r\n0\r\n\r\n'),
    () => chunked('5\r\nabc'),
    () => chunked('ffffffffffffffffff\r\n'),
    () => chunked(`${length.toString(16)}\r\n${body.bytes.toString('latin1')}\r\n0\r\n\r\n`),
    () => {
      replace(
        headers,
        'content-length',
        chance.pick(['-1', '1e3', '0x10', '99999999999999999999', String(length + 10)]),
      );
      return whole();
    },
  ];
  return { bytes: chance.pick(broken)(), promise: 'broken', end: true };
}

function head(line: string, headers: HeaderList): Buffer {
  return Buffer.from(`${line}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1');
}
