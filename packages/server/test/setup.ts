import { scanForLeaks } from '@slack-mcp/test-support/leak-setup';
import { SECRET } from './support/signed.ts';

scanForLeaks([SECRET]);
