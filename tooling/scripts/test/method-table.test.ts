import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LEFT_OUT_METHODS, METHOD_FACTS } from '../methods/method-facts.ts';
import { methodsOfClient, renderMethodTable } from '../methods/method-table.ts';

const root = join(import.meta.dirname, '../../..');

test('the table of Slack methods is up to date with the types of the client', () => {
  const file = join(root, 'packages/server/src/tools/toolsets/methods/method-table.json');
  expect(renderMethodTable(root)).toBe(readFileSync(file, 'utf8'));
});

test("every method of Slack's client is in the table, or left out for a reason", () => {
  const methods = methodsOfClient(root);
  const leftOut = Object.values(LEFT_OUT_METHODS).flat();
  const covers = (entry: string, name: string): boolean =>
    entry.endsWith('.') ? name.startsWith(entry) : name === entry;
  const isLeftOut = (name: string): boolean => leftOut.some((entry) => covers(entry, name));
  expect(methods.filter((name) => !METHOD_FACTS.has(name) && !isLeftOut(name))).toEqual([]);
  expect(methods.filter((name) => METHOD_FACTS.has(name) && isLeftOut(name))).toEqual([]);
  expect(leftOut.filter((entry) => !methods.some((name) => covers(entry, name)))).toEqual([]);
});

// The kinds of token on the pages of all methods of the table at https://docs.slack.dev/reference/methods.
test('a method takes one kind of token only if its page names one kind', () => {
  const only = (kind: string): readonly string[] =>
    [...METHOD_FACTS].filter(([, { tokens }]) => tokens.join() === kind).map(([name]) => name);
  expect(only('bot')).toEqual([
    ...['agents.conversations.getCanvas', 'files.remote.add', 'files.remote.remove', 'files.remote.update'],
  ]);
  expect(only('user').filter((name) => !/^(reminders|search|stars)\./.test(name))).toEqual([
    ...['dnd.endDnd', 'dnd.endSnooze', 'dnd.setSnooze', 'files.sharedPublicURL', 'users.deletePhoto'],
    ...['users.profile.set'],
  ]);
});
