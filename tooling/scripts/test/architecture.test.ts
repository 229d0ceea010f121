import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findViolations } from '../architecture/rules.ts';
import { importsOf, readSources } from '../architecture/source-file.ts';

const broken = (path: string, text: string): string[] => findViolations([{ path, text }]).map(({ rule }) => rule);

describe('each rule finds its violation', () => {
  test.each([
    ['core with a dependency', 'packages/core/src/a.ts', `import { z } from 'zod';`],
    ['core importing another package', 'packages/core/src/a.ts', `import { x } from '@slack-mcp/consumer';`],
    [
      'a backend importing a backend',
      'packages/backend-redis/src/a.ts',
      `import { x } from '@slack-mcp/backend-memory';`,
    ],
    ['a backend importing server', 'packages/backend-redis/src/a.ts', `import type { X } from '@slack-mcp/server';`],
    ['a backend importing the suite', 'packages/backend-redis/src/a.ts', `import { x } from '@slack-mcp/conformance';`],
    [
      'a backend importing SDK values',
      'packages/backend-redis/src/a.ts',
      `import { x } from '@modelcontextprotocol/sdk/types.js';`,
    ],
    ['consumer importing a backend', 'packages/consumer/src/a.ts', `import { x } from '@slack-mcp/backend-redis';`],
    ['consumer importing values of Slack types', 'packages/consumer/src/a.ts', `import { x } from '@slack/types';`],
    ['slack running its client', 'packages/slack/src/a.ts', `import { WebClient } from '@slack/web-api';`],
    ['server importing the client', 'packages/server/src/a.ts', `import type { X } from '@slack/web-api';`],
    ['server importing a backend', 'packages/server/src/a.ts', `import { x } from '@slack-mcp/backend-memory';`],
    [
      'server importing a backend later',
      'packages/server/src/a.ts',
      `const x = await import('@slack-mcp/backend-memory');`,
    ],
    ['server importing consumer', 'packages/server/src/a.ts', `export { x } from '@slack-mcp/consumer';`],
    ['simulator importing server', 'packages/simulator/src/a.ts', `import '@slack-mcp/server';`],
  ])('package-imports: %s', (_, path, text) => {
    expect(broken(path, text)).toContain('package-imports');
  });

  test.each([
    ['socket-mode-home', 'packages/server/src/ingress/a.ts', `import { SocketModeClient } from '@slack/socket-mode';`],
    ['floors', 'packages/server/src/mcp/a.ts', `import { x } from '../ingress/b.ts';`],
    ['floors', 'packages/server/src/ingress/a.ts', `import type { X } from '../mcp/b.ts';`],
    ['floors', 'packages/server/src/rest/a.ts', `import type { X } from '../mcp/b.ts';`],
    ['floors', 'packages/server/src/tools/a.ts', `import type { X } from '../mcp/b.ts';`],
    ['floors', 'packages/server/src/tools/gates/a.ts', `import { x } from '../../access/b.ts';`],
    ['floors', 'packages/server/src/mcp/http/a.ts', `import { x } from '../../servers/b.ts';`],
    ['floors', 'packages/server/src/logging/a.ts', `import type { X } from '../config/b.ts';`],
    ['floors', 'packages/server/src/config/a.ts', `const x = await import('../cli/b.ts');`],
    ['floors', 'packages/server/src/cellar/a.ts', ''],
    ['gate-marks', 'packages/server/src/tools/toolsets/a.ts', `const id = 'C0123456789' as ChannelId;`],
    ['gate-marks', 'packages/server/src/tools/toolsets/a.ts', 'const all = SealedAnswer.open(answer);'],
    ['relative-imports', 'packages/server/src/a.ts', `import { x } from '../../core/src/errors.ts';`],
    ['no-own-index', 'packages/core/src/conformance/a.ts', `import { x } from '../index.ts';`],
    ['module-state', 'packages/server/src/a.ts', 'let count = 0;'],
    ['module-state', 'packages/server/src/a.ts', 'export const seen = new Map<string, number>();'],
    ['module-state', 'packages/server/src/a.ts', 'const seen: string[] = [];'],
    ['plain-names', 'packages/server/src/utils.ts', ''],
    ['plain-names', 'tooling/brokers/src/common.ts', ''],
    ['plain-names', 'packages/server/src/helpers/a.ts', ''],
    ['file-size', 'packages/server/src/logging/a.ts', '// line\n'.repeat(301)],
    ['file-size', 'tooling/bench/a.ts', '// line\n'.repeat(301)],
    ['default-exports', 'packages/server/src/a.ts', 'export default 1;'],
  ])('%s: %s', (rule, path, text) => {
    expect(broken(path, text)).toContain(rule);
  });

  test('one-environment-reader: two files of a package', () => {
    const files = ['a', 'b'].map((name) => ({ path: `packages/server/src/config/${name}.ts`, text: 'process.env.X' }));
    expect(findViolations(files).map(({ rule }) => rule)).toEqual(['one-environment-reader', 'one-environment-reader']);
    expect(findViolations(files.slice(1))).toEqual([]);
  });

  test.each([
    `import { b } from './b.ts';`,
    `import type { B } from './b.ts';`,
    `import { type B } from './b.ts';`,
    `export type { B } from './b.ts';`,
    `const { b } = await import('./b.ts');`,
  ])('no-cycles: two files that import each other, one of them by %s', (text) => {
    const file = (name: string, content: string) => ({ path: `packages/core/src/${name}.ts`, text: content });
    const b = file('b', `import { a } from './a.ts';`);
    expect(findViolations([file('a', text), b]).map(({ rule }) => rule)).toEqual(['no-cycles']);
    expect(findViolations([file('a', ''), b])).toEqual([]);
  });

  test('no-cycles: three files of tooling in a circle of types', () => {
    const file = (name: string, next: string) => ({
      path: `tooling/bench/${name}.ts`,
      text: `import type { X } from './${next}.ts';`,
    });
    const circle = [file('a', 'b'), file('b', 'c'), file('c', 'a')];
    expect(findViolations(circle).map(({ rule }) => rule)).toEqual(['no-cycles']);
    expect(findViolations(circle.slice(1))).toEqual([]);
  });
});

test('accepts allowed code', () => {
  expect(
    findViolations([
      {
        path: 'packages/core/src/a.ts',
        text: `import { join } from 'node:path';\nconst x: ReadonlyMap<string, 1> = new Map();`,
      },
      { path: 'packages/backend-memory/src/queue-registry.ts', text: 'const queues = new Map();' },
      { path: 'packages/backend-redis/src/index.ts', text: `import { Redis } from 'ioredis';\nexport default {};` },
      { path: 'packages/backend-redis/src/q.ts', text: `import type { X } from '@modelcontextprotocol/sdk/types.js';` },
      { path: 'packages/consumer/src/a.ts', text: `import { type SlackEvent } from '@slack/types';\n// let x = 1` },
      { path: 'packages/slack/src/a.ts', text: `import type { Methods } from '@slack/web-api';` },
    ]),
  ).toEqual([]);
});

test('finds imports in all forms', () => {
  const text = `import a from 'a';\nimport * as b from 'b';\nimport {\n  c,\n} from 'c';\nimport 'd';\nexport { e } from 'e';\nconst f = await import('f');\n// import 'g';\nimport type { H } from 'h';\nimport { type I } from 'i';\nimport j, { type J } from 'j';`;
  expect(
    importsOf({ path: 'x', text }).map(({ specifier, typeOnly }) => specifier + (typeOnly ? ' type' : '')),
  ).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'h type', 'i type', 'j']);
});

test('the repository follows the rules', () => {
  const files = readSources(join(import.meta.dirname, '../../..'));
  expect(files.length).toBeGreaterThan(20);
  expect(findViolations(files)).toEqual([]);
});
