import { scanForLeaks } from '@slack-mcp/test-support/leak-setup';

scanForLeaks();
