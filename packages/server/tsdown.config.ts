import { defineBundle, definePinnedPackage } from '../../tsdown.base.ts';

const library = definePinnedPackage({
  entry: {
    index: 'src/index.ts',
    'bin/slack-mcp': 'src/bin/slack-mcp.ts',
    'bin/slack-webhook-server': 'src/bin/slack-webhook-server.ts',
    'bin/slack-integrated-server': 'src/bin/slack-integrated-server.ts',
  },
  outDir: 'dist',
  // The packages of this repository stay outside, because an application, its worker and its backend share them.
  external: [/^@slack-mcp\//, '@slack/socket-mode'],
});

/** A client waits while a server over stdio starts, so this command contains the packages of this repository, too. */
const stdio = defineBundle({
  entry: { 'slack-mcp-server': 'src/bin/slack-mcp-server.ts' },
  outDir: 'dist/stdio',
  external: [/^@slack-mcp\/backend-/, '@slack/socket-mode'],
});

export default [...library, stdio];
