import { expect, test } from 'vitest';
import { isSlackUrl, readApiUrl } from '../src/egress/slack-hosts.ts';

const SLACK = 'https://slack.com/api/';
const SIMULATOR = 'http://127.0.0.1:3000/api/';

test.each([
  'https://hooks.slack.com/actions/T1/1/x',
  'https://hooks.slack.com:443/commands/1',
  'https://slack.com/x',
  'https://hooks.slack-gov.com/actions/1',
])('allows posting a message to %s', (url) => {
  expect(isSlackUrl(url, SLACK)).toBe(true);
  expect(isSlackUrl(url, SIMULATOR)).toBe(true);
});

test.each([
  'http://hooks.slack.com/actions/1',
  'https://hooks.slack.com.example.com/',
  'https://evilslack.com/',
  'https://slack.com@example.com/',
  'https://user:password@hooks.slack.com/',
  'https://hooks.slack.com:8443/',
  'https://169.254.169.254/latest',
  'http://169.254.169.254/latest',
  'https://10.0.0.1/',
  'file:///etc/passwd',
  'hooks.slack.com/actions/1',
  '',
])('rejects posting to %j', (url) => {
  expect(isSlackUrl(url, SLACK)).toBe(false);
  expect(isSlackUrl(url, SIMULATOR)).toBe(false);
});

test.each(['http://127.0.0.1:1/x', 'https://localhost/x', 'http://[::1]:1/x', 'http://127.8.8.8/'])(
  'allows the loopback address %s only if the Web API is on one',
  (url) => {
    expect(isSlackUrl(url, SIMULATOR)).toBe(true);
    expect(isSlackUrl(url, SLACK)).toBe(false);
  },
);

test.each([
  ['https://slack-gov.com/api', 'https://slack-gov.com/api/'],
  ['http://localhost:1/api/', 'http://localhost:1/api/'],
  ['http://[::1]:1', 'http://[::1]:1/'],
])('accepts the Web API at %s', (given, base) => {
  expect(readApiUrl(given)).toBe(base);
});

test.each([
  'http://example.com/api/',
  'http://127.0.0.1.example.com/',
  'ftp://localhost/',
  'slack.com',
  'https://user:password@slack.com/api/',
  'https://slack.com/api/?x=1',
])('rejects the Web API at %s, because tokens are sent there', (given) => {
  expect(() => readApiUrl(given)).toThrow(
    /^SLACK_API_URL must .*(?:for example|use a URL such as) https:\/\/slack\.com\/api\//,
  );
  expect(() => readApiUrl(given)).not.toThrow(/password/);
});
