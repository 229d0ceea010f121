import { expect, test } from 'vitest';
import { changesetProblem } from '../checks/changeset-problem.ts';

const packages = new Set(['@slack-mcp/core', '@slack-mcp/server']);
const problem = (...lines: string[]): string | undefined => changesetProblem(`${lines.join('\n')}\n`, packages);

test('accepts packages with their kind of change and a summary', () => {
  const changes = ["'@slack-mcp/core': minor", "'@slack-mcp/server': patch"];
  expect(problem('---', ...changes, '---', '', 'It does more.', '', '---', 'also below a rule.')).toBeUndefined();
});

test('accepts the quotes that `pnpm changeset` writes', () => {
  expect(problem('---', '"@slack-mcp/core": minor', '---', '', 'It does more.')).toBeUndefined();
});

test.each([
  ['as `changeset add --empty` writes it', ['---', '', '---', '', '']],
  ['without blank lines', ['---', '---']],
])('accepts an empty changeset %s', (_, lines) => {
  expect(problem(...lines)).toBeUndefined();
});

test.each([
  ['with quotes that differ', ['---', '\'@slack-mcp/core": patch', '---', 'More.'], /does not name/],
  ['without front matter', ['It does more.'], /begin with the packages/],
  ['with text before the front matter', ['', '---', "'@slack-mcp/core': patch", '---', 'More.'], /begin with/],
  ['with front matter that never ends', ['---', "'@slack-mcp/core': patch", 'More.'], /begin with/],
  ['without packages', ['---', '---', 'More.'], /^name the packages .*, or remove the text of an empty changeset$/],
  ['with an unknown package', ['---', "'@slack-mcp/cor': patch", '---', 'More.'], /cor': patch" does not name/],
  ['with an unknown kind of change', ['---', "'@slack-mcp/core': tiny", '---', 'More.'], /major, minor or patch/],
  ['with a package twice', ['---', "'@slack-mcp/core': patch", "'@slack-mcp/core': minor", '---', 'More.'], /twice/],
  ['without a summary', ['---', "'@slack-mcp/core': patch", '---'], /say below/],
])('rejects a changeset %s', (_, lines, message) => {
  expect(problem(...lines)).toMatch(message);
});
