import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { HTTP_ERRORS } from '../../src/http/http-errors.ts';
import { TOOL_FAILURES } from '../../src/rest/tool-failures.ts';

const folder = (path: string): string => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

/** The error codes that the sources in a folder assign to the field `code`. */
function codesIn(path: string): string[] {
  const files = readdirSync(folder(path), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const texts = files.map((name) => readFileSync(`${folder(path)}/${name}`, 'utf8'));
  return [
    ...new Set(
      texts.flatMap((text) =>
        [...text.matchAll(/\bcode(?:: | = )'([a-z]+_[a-z_]+)'/g)].map(([, code]) => code as string),
      ),
    ),
  ];
}

test('lists the code of every failure of a tool', () => {
  const internal = ['not_a_file'];
  expect(Object.keys(TOOL_FAILURES)).toEqual(
    expect.arrayContaining(codesIn('tools').filter((code) => !internal.includes(code))),
  );
  expect(Object.keys(TOOL_FAILURES)).toEqual(expect.arrayContaining(codesIn('../../slack/src')));
});

test('gives no code two meanings', () => {
  expect(Object.keys(TOOL_FAILURES).filter((code) => code in HTTP_ERRORS)).toEqual([]);
});
