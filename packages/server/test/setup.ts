import '@slack-mcp/test-support/leak-setup';
import { leakScan } from '@slack-mcp/test-support';
import { SECRET } from './support/signed.ts';

leakScan.keep(SECRET);
