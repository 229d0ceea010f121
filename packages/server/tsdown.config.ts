import { defineBundle, definePackage } from '../../tsdown.base.ts';

const library = definePackage([
  'src/index.ts',
  'src/bin/slack-mcp.ts',
  'src/bin/slack-webhook-server.ts',
  'src/bin/slack-integrated-server.ts',
]);

/** A client waits while a server over stdio starts. What that start does not load stays outside. */
const stdio = defineBundle({
  entry: { 'slack-mcp-server': 'src/bin/slack-mcp-server.ts' },
  outDir: 'dist/stdio',
  external: [
    /^@slack\//,
    /^@slack-mcp\/backend-/,
    /^@fastify\//,
    /^@modelcontextprotocol\/server/,
    /^fastify/,
    'jose',
    'prom-client',
    'undici',
  ],
});

export default [library, stdio];
