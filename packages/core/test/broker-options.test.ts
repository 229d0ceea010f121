import { expect, test } from 'vitest';
import {
  assertInteger,
  brokerEnv,
  formatAddress,
  MAX_TIMER_MS,
  parseAddresses,
  parseBrokerUrl,
  readBrokerEnv,
  resolveBrokerOptions,
  resolveIntegers,
  resolveQueueOptions,
} from '../src/backend.ts';
import { ConfigurationError, type Env, readEnv, silentLogger } from '../src/index.ts';

const refuse = (problem: string): ConfigurationError => new ConfigurationError(`TEST_URL ${problem}`);
const SCHEMES = { test: { port: 77, tls: false }, tests: { port: 78, tls: true } };

test('applies the defaults', () => {
  expect(resolveBrokerOptions({})).toEqual({
    keys: ['slack_events'],
    groups: [],
    maxPayloadBytes: 16 * 2 ** 20,
    logger: silentLogger,
    prefix: '',
    timeoutMs: 30_000,
    maxRetries: Number.MAX_SAFE_INTEGER,
    retryDelayMs: 100,
  });
  expect(resolveQueueOptions({ groups: ['a', 'b', 'a'] }).groups).toEqual(['a', 'b']);
});

test.for([
  [{ keys: [] }, /^keys is empty.*for example/],
  [{ keys: ['a b'] }, /not a valid key/],
  [{ groups: ['*'] }, /not a valid group/],
  [{ maxPayloadBytes: 1 }, /^maxPayloadBytes is 1: use an integer of at least 2/],
  [{ prefix: '{a}' }, /^prefix is not valid.*for example/],
  [{ timeoutMs: 0 }, /^timeoutMs is 0: use a whole number of milliseconds from 1 to 2147483647/],
  [{ timeoutMs: MAX_TIMER_MS + 1 }, /timeoutMs/],
  [{ maxRetries: -1 }, /maxRetries/],
  [{ retryDelayMs: 1.5 }, /retryDelayMs is 1\.5/],
] as const)('rejects %j with the name, the value and an example', ([options, says]) => {
  expect(() => resolveBrokerOptions(options)).toThrow(says);
  expect(() => resolveBrokerOptions(options)).toThrow(ConfigurationError);
});

test('accepts integers within their bounds, including the bounds', () => {
  const ranges = { few: [3, 1, 5], many: [10, 0] } as const;
  expect(resolveIntegers({ few: 5 }, ranges)).toEqual({ few: 5, many: 10 });
  expect(() => resolveIntegers({ few: 6 }, ranges)).toThrow(
    'few is 6: use an integer from 1 to 5 (for example { few: 5 })',
  );
  for (const value of ['5', null, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => assertInteger('few', value, 1)).toThrow(/few/);
  }
});

test('declares and reads the variables of a broker under its name', () => {
  const { access, behavior } = brokerEnv('TEST', 'Test');
  const read = (env: Env) => readBrokerEnv(readEnv([...access, ...behavior], env), 'TEST', undefined);
  expect(read({})).toEqual({ keys: ['slack_events'], groups: [], timeoutMs: 30_000, retryDelayMs: 100 });
  const env = { TEST_USERNAME: 'u', TEST_PASSWORD: 'p', TEST_TLS: 'no', TEST_PREFIX: 'a:', TEST_MAX_RETRIES: '0' };
  expect(read({ ...env, QUEUE_KEYS: 'k', QUEUE_GROUPS: 'g', TEST_TIMEOUT_MS: '5' })).toEqual({
    username: 'u',
    password: 'p',
    tls: false,
    prefix: 'a:',
    maxRetries: 0,
    timeoutMs: 5,
    retryDelayMs: 100,
    keys: ['k'],
    groups: ['g'],
  });
  for (const [name, value] of [
    ['TEST_TLS', 'perhaps'],
    ['TEST_TLS_CA', '/no/such/file.pem'],
    ['TEST_PREFIX', 'a b'],
    ['TEST_TIMEOUT_MS', '0'],
    ['TEST_MAX_RETRIES', '-1'],
  ] as const) {
    expect(() => read({ [name]: value })).toThrow(new RegExp(`^${name} .*for example ${name}=`));
  }
});

test('reads no credentials from a reader without them', () => {
  const { behavior } = brokerEnv('TEST', 'Test');
  const read = (env: Env) => readBrokerEnv(readEnv(behavior, env), 'TEST', undefined);
  const expected = { keys: ['slack_events'], groups: [], timeoutMs: 30_000, retryDelayMs: 100 };
  expect(read({ TEST_USERNAME: 'u', TEST_TLS: 'perhaps' })).toEqual(expected);
});

test('parses address, credentials and TLS of a broker URL', () => {
  expect(parseBrokerUrl('tests://us%40er:p%2Fss@[::1]/%2Fvhost', SCHEMES, refuse)).toEqual({
    host: '::1',
    port: 78,
    username: 'us@er',
    password: 'p/ss',
    tls: true,
    path: '/vhost',
  });
  expect(parseBrokerUrl('test://host:1', SCHEMES, refuse)).toMatchObject({ port: 1, tls: false, path: '' });
});

test.for([
  ['http://host', /test:\/\/ or tests:\/\//],
  ['constructor://host', /test:\/\//],
  ['nothing', /is not a URL/],
  ['test://', /is not a URL/],
  ['test://host?password=hunter2', /query.*%3F/],
  ['test://host#hunter2', /fragment/],
  ['test://u:hunter2%zz@host', /credentials that are not percent-encoded/],
  ['test://host/%zz', /path that are not percent-encoded/],
] as const)('rejects the URL %s without showing a part of it', ([url, says]) => {
  expect(() => parseBrokerUrl(url, SCHEMES, refuse)).toThrow(says);
  expect(() => parseBrokerUrl(url, SCHEMES, refuse)).not.toThrow(/hunter2/);
});

test('parses addresses with and without a port', () => {
  const addresses = parseAddresses(['a:1', 'b', '[::1]:2'], 9, refuse);
  expect(addresses.map(formatAddress)).toEqual(['a:1', 'b:9', '::1:2']);
  for (const item of ['user@host:1', 'host:0', 'host:1/path', '', 'host:99999', 'a b']) {
    expect(() => parseAddresses([item], 9, refuse)).toThrow(/^TEST_URL contains/);
  }
});
