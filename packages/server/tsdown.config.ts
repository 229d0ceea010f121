import { definePackage } from '../../tsdown.base.ts';

export default definePackage([
  'src/index.ts',
  'src/bin/slack-mcp.ts',
  'src/bin/slack-mcp-server.ts',
  'src/bin/slack-webhook-server.ts',
  'src/bin/slack-integrated-server.ts',
]);
