import { describe, expect, it } from 'vitest';
import { undeclaredImports } from '../packaging/declared-imports.ts';

const manifest = {
  name: '@slack-mcp/server',
  dependencies: { fastify: '^5.0.0', '@slack-mcp/core': '^1.0.0' },
  peerDependencies: { '@slack/socket-mode': '^3.0.0' },
};
const chunk = (imports: readonly string[], dynamicImports: readonly string[] = []) => ({
  type: 'chunk' as const,
  fileName: 'server.js',
  imports,
  dynamicImports,
});

describe('imports of a built package', () => {
  it('may be dependencies, peers, parts of the bundle, parts of Node, and the package itself', () => {
    const allowed = ['fastify', '@slack-mcp/core/backend', '@slack/socket-mode', 'node:fs', 'zlib', 'server.js'];
    expect(undeclaredImports(manifest, [chunk([...allowed, './other.js', '@slack-mcp/server'])])).toEqual([]);
  });

  it.each([
    ['a package', chunk(['undici'])],
    ['a path in a package', chunk(['undici/lib/web.js'])],
    ['a package that is loaded later', chunk([], ['undici'])],
  ])('may not be %s that the manifest does not name', (_what, file) => {
    expect(undeclaredImports(manifest, [file])).toEqual([
      expect.stringMatching(/^server\.js imports undici\S*: add undici to the dependencies$/),
    ]);
  });
});
