import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactUrl } from '../src/index.ts';

test.each([
  ['redis://user:secret@localhost:6379/2?password=secret#secret', 'redis://localhost:6379/2'],
  ['amqps://user:p%40ss@broker/%2Fvhost', 'amqps://broker/%2Fvhost'],
  ['https://slack.com/api/', 'https://slack.com/api/'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['redis://[::1]:6379', 'redis://[::1]:6379'],
])('shows %s as %s', (url, shown) => {
  expect(redactUrl(url)).toBe(shown);
  expect(redactUrl(new URL(url))).toBe(shown);
});

test.each([
  '',
  'secret',
  'localhost:6379',
  'redis:secret@host',
  'redis://user:12/secret@host',
  'redis://user:12?secret@host',
  'mailto:secret',
  '\0',
])('does not show %j as a URL', (text) => {
  expect(redactUrl(text)).toBe('(not a URL)');
});

test('never throws', () => {
  for (const value of [null, undefined, 1, {}, Symbol('x'), Object.create(null)]) {
    expect(redactUrl(value as unknown as string)).toBe('(not a URL)');
  }
});

test('property: never shows the part of a URL before the last "@"', () => {
  const password = fc.string({ minLength: 8, maxLength: 12 });
  fc.assert(
    fc.property(password, (text) => {
      fc.pre(/[a-z0-9]{4}/i.test(text));
      const secret = `S3CR3T${text}`;
      expect(redactUrl(`redis://user:${secret}@host:6379/0`)).not.toContain('S3CR3T');
      expect(redactUrl(`redis://user:${encodeURIComponent(secret)}@host:6379/0`)).toBe('redis://host:6379/0');
    }),
  );
});
