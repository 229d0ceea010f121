import { expect, it } from 'vitest';
import { emailIn } from '../../../src/tools/arguments/email-address.ts';

it.each([
  ['bob@example.com', 'bob@example.com'],
  [' bob.b+x@mail.example.co.uk ', 'bob.b+x@mail.example.co.uk'],
  ['<mailto:bob@example.com|bob@example.com>', 'bob@example.com'],
  ['mailto:bob@example.com', 'bob@example.com'],
])('%j is the address %s', (text, address) => {
  expect(emailIn(text)).toBe(address);
});

it.each(['@bob', 'bob', 'bob@localhost', 'ask bob@example.com', '<@U0BOB00001>', 'a@b@c.d', ''])(
  '%j is not an address',
  (text) => {
    expect(emailIn(text)).toBeUndefined();
  },
);
