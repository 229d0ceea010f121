import { createSlackPort } from '@slack-mcp/slack';
import { capturedLog } from '@slack-mcp/test-support';
import { openFileIdempotencyStore } from '../../../../src/tools/gates/idempotency/file-idempotency-store.ts';
import { openHost } from '../../../support/open-host.ts';

// Posts once with a key and prints the result, then runs until it is killed.
const [path = '', apiUrl = '', key = ''] = process.argv.slice(2);
const host = openHost({
  slack: createSlackPort({ token: 'xoxb-simulated', apiUrl }),
  logger: capturedLog(),
  version: '1.2.3',
  idempotencyStore: await openFileIdempotencyStore({ path }),
});
const args = { channel: 'C0GENERAL1', text: 'Deployed', idempotency_key: key };
const result = await host.callTool('slack_post_message', args);
process.stdout.write(`${JSON.stringify(result)}\n`);
setInterval(() => {}, 60_000);
