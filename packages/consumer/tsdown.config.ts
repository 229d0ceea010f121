import { definePackage } from '../../tsdown.base.ts';

export default definePackage(['src/index.ts', 'src/testing/index.ts', 'src/bin/slack-mcp-consumer.ts']);
