import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../packages/server/${path}`, import.meta.url), 'utf8'));

test("the server's entry follows the rules of the MCP registry", () => {
  const [entry, manifest] = [read('server.json'), read('package.json')];
  expect(entry.name).toBe(manifest.mcpName);
  expect(entry.name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
  expect(entry.description.length).toBeLessThanOrEqual(100);
  expect(entry.version).toBe(manifest.version);
  expect(entry.packages).toHaveLength(1);
  expect(entry.packages[0]).toMatchObject({ identifier: manifest.name, version: manifest.version });
});

test('marks tokens as secret', () => {
  const variables: { name: string; isSecret: boolean }[] = read('server.json').packages[0].environmentVariables;
  expect(variables.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual([
    'SLACK_BOT_TOKEN',
    'SLACK_USER_TOKEN',
    'HTTPS_PROXY',
    'HTTP_PROXY',
  ]);
});
