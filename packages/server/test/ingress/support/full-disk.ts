import { silentLogger } from '@slack-mcp/core';
import { Spool } from '../../../src/ingress/spool/spool.ts';

// Appends events until the file may not grow any more, then an event that still fits.
const [folder = ''] = process.argv.slice(2);
const spool = await Spool.open({ folder, maxBytes: 1_000_000, logger: silentLogger });
const append = (messageId: string, payload: string): Promise<string | undefined> =>
  spool.append({ key: 'k', payload, options: { messageId }, at: Date.now() }).then(
    () => 'taken',
    (error: NodeJS.ErrnoException) => error.code,
  );
// More bytes than characters.
await append('first', '{"text":"Größe"}');
const refused = await append('too large', `{"text":"${'x'.repeat(8_000)}"}`);
const { failure } = spool.status;
const after = await append('after', '{}');
process.stdout.write(`${JSON.stringify({ refused, failure, after })}\n`);
await spool.close();
