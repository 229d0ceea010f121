import { expect, test } from 'vitest';
import { envTable } from '../src/config/env-table.ts';
import { ConfigurationError, type Env, type EnvVar, readEnv } from '../src/index.ts';

const VARS: readonly EnvVar[] = [
  { name: 'TEXT', description: 'A text.', example: 'hello' },
  { name: 'NEEDED', description: 'Needed.', example: 'redis://localhost:6379', required: true, secret: true },
  { name: 'TIMEOUT_MS', description: 'Milliseconds | at most.', example: '5000', default: '30000' },
  { name: 'TLS', description: 'On or off.', example: 'true', default: 'false' },
  { name: 'LEVEL', description: 'Of the log.', example: 'info', default: 'info' },
  { name: 'URL', description: 'An endpoint.', example: 'https://example.com' },
  { name: 'NAMES', description: 'Names.', example: 'a,b' },
];

const reader = (source: Env) => readEnv(VARS, source);
const problem = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  return expect.fail('it did not throw');
};

test('parses values and ignores surrounding white space', () => {
  const env = reader({
    TEXT: ' hello\n',
    TIMEOUT_MS: ' 12 ',
    TLS: 'YES',
    LEVEL: 'WARN',
    URL: 'https://user:p@example.com/x',
    NAMES: 'a, b,,a ',
  });
  expect(env.string('TEXT')).toBe('hello');
  expect(env.milliseconds('TIMEOUT_MS', { default: 30_000 })).toBe(12);
  expect(env.boolean('TLS')).toBe(true);
  expect(env.oneOf('LEVEL', ['info', 'warn'])).toBe('warn');
  expect(env.url('URL', { protocols: ['http:', 'https:'] })).toBe('https://user:p@example.com/x');
  expect(env.list('NAMES')).toEqual(['a', 'b']);
});

test.each([undefined, '', '  '])('treats %j as unset', (value) => {
  const env = reader({ TEXT: value, NEEDED: value, TIMEOUT_MS: value, TLS: value, NAMES: value });
  expect(env.string('TEXT')).toBeUndefined();
  expect(env.milliseconds('TIMEOUT_MS', { default: 30_000 })).toBe(30_000);
  expect(env.boolean('TLS', { default: false })).toBe(false);
  expect(env.list('NAMES')).toEqual([]);
  expect(problem(() => env.url('NEEDED'))).toBe('NEEDED is not set (for example NEEDED=redis://localhost:6379)');
  expect(problem(() => env.string('TEXT', { required: true }))).toBe('TEXT is not set (for example TEXT=hello)');
  expect(problem(() => env.list('NAMES', { required: true }))).toBe('NAMES is not set (for example NAMES=a,b)');
});

test('treats an empty list as unset', () => {
  expect(reader({ NAMES: ' , ' }).list('NAMES')).toEqual([]);
  expect(problem(() => reader({ NAMES: ',' }).list('NAMES', { required: true }))).toContain('NAMES is not set');
});

test.each(['1', 'true', 'TRUE', 'yes', 'On'])('parses %s as true', (value) => {
  expect(reader({ TLS: value }).boolean('TLS')).toBe(true);
});

test.each(['0', 'false', 'no', 'OFF'])('parses %s as false', (value) => {
  expect(reader({ TLS: value }).boolean('TLS')).toBe(false);
});

test.each(['x', '1.5', '1e3', '0x10', '٣', '-1', '2147483648', '1'.repeat(40), 'Infinity', '12 34'])(
  'rejects %s as milliseconds',
  (value) => {
    expect(problem(() => reader({ TIMEOUT_MS: value }).milliseconds('TIMEOUT_MS'))).toMatch(
      /^TIMEOUT_MS is not an integer from 0 to 2147483647: ".*" \(for example TIMEOUT_MS=5000\)$/,
    );
  },
);

test('rejects integers outside their bounds', () => {
  const read = (value: string) => reader({ TEXT: value }).integer('TEXT', { min: -5, max: 5 });
  expect(read('-5')).toBe(-5);
  expect(Object.is(read('-0'), 0)).toBe(true);
  expect(problem(() => read('6'))).toContain('is not an integer from -5 to 5: "6"');
  expect(problem(() => reader({ TEXT: '9007199254740993' }).integer('TEXT'))).toContain('an integer of at least 0');
});

test('names the allowed values of an enumeration', () => {
  expect(problem(() => reader({ LEVEL: 'loud' }).oneOf('LEVEL', ['info', 'warn']))).toBe(
    'LEVEL is not one of info, warn: "loud" (for example LEVEL=info)',
  );
});

test.each(['localhost:6379', 'http://', 'ftp://example.com', '/tmp/socket', 'https://exa mple.com', 'https:example'])(
  'rejects %s as a URL with the accepted protocols',
  (value) => {
    const read = () =>
      reader({ URL: value === 'https:example' ? 'mailto:a' : value }).url('URL', { protocols: ['http:', 'https:'] });
    expect(problem(read)).toMatch(/^URL is not a URL with http:\/\/ or https:\/\//);
  },
);

test('never shows a secret', () => {
  const secret = 'hunter2hunter2';
  const source = { NEEDED: `ftp://user:${secret}@host` };
  expect(problem(() => reader(source).url('NEEDED', { protocols: ['redis:'] }))).not.toContain(secret);
  expect(problem(() => reader({ NEEDED: secret }).integer('NEEDED'))).not.toContain(secret);
});

test('does not show a secret that was also set in another variable, whatever its length', () => {
  const secret = 'hunter2'.repeat(20);
  for (const name of ['NEEDED', 'OTHER_PASSWORD', 'OTHER_TOKEN', 'OTHER_SECRET']) {
    const source = { [name]: `first, ${secret}`, TIMEOUT_MS: `x${secret}` };
    expect(problem(() => reader(source).integer('TIMEOUT_MS'))).not.toContain('hunter2');
  }
  expect(problem(() => reader({ OTHER: secret, TIMEOUT_MS: secret }).integer('TIMEOUT_MS'))).toContain('hunter2');
});

test('does not show values that look like secrets', () => {
  for (const value of [
    'xoxb-1234-secret',
    'xapp-1-secret',
    'https://user:secret@host:99999/',
    'ftp://user:secret@host',
  ]) {
    expect(problem(() => reader({ URL: value }).url('URL', { protocols: ['https:'] }))).not.toContain('secret');
    expect(problem(() => reader({ TEXT: value }).integer('TEXT'))).not.toContain('secret');
  }
});

test('shows at most 60 characters of a value', () => {
  const message = problem(() => reader({ TEXT: 'y'.repeat(10_000) }).integer('TEXT'));
  expect(message).toContain(`"${'y'.repeat(60)}…"`);
  expect(message.length).toBeLessThan(200);
});

test('creates the same error for a custom rule', () => {
  expect(reader({}).error('TEXT', 'needs URL')).toMatchObject({
    code: 'ERR_QUEUE_CONFIG',
    message: 'TEXT needs URL (for example TEXT=hello)',
  });
});

test('throws a TypeError for an undeclared variable or a default that differs from the documentation', () => {
  expect(() => reader({}).string('OTHER')).toThrow(TypeError);
  expect(() => reader({}).string('constructor')).toThrow(TypeError);
  expect(() => reader({}).milliseconds('TIMEOUT_MS', { default: 1 })).toThrow(TypeError);
  expect(() => reader({ TEXT: 'set' }).string('TEXT', { default: 'x' })).toThrow(TypeError);
});

test('reads process.env by default', () => {
  expect(readEnv([{ name: 'PATH', description: '', example: '' }]).string('PATH')).toBe(process.env['PATH']);
});

test('renders a Markdown table', () => {
  expect(envTable(VARS.slice(0, 3))).toBe(
    [
      '| Variable     | Default      | Description              | Example                  |',
      '| ------------ | ------------ | ------------------------ | ------------------------ |',
      '| `TEXT`       |              | A text.                  | `hello`                  |',
      '| `NEEDED`     | **required** | Needed.                  | `redis://localhost:6379` |',
      '| `TIMEOUT_MS` | `30000`      | Milliseconds \\| at most. | `5000`                   |',
    ].join('\n'),
  );
});
