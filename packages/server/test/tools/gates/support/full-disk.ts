import { openFileIdempotencyStore } from '../../../../src/tools/gates/idempotency/file-idempotency-store.ts';

// Claims keys until the file may not grow any more, then one that still fits.
const [path = ''] = process.argv.slice(2);
const store = await openFileIdempotencyStore({ path });
await store.claim('first', 'f');
const refused = await store.claim('too long', 'f'.repeat(8_000)).catch((error: NodeJS.ErrnoException) => error.code);
const after = await store.claim('after', 'f').then(
  () => 'taken',
  (error: NodeJS.ErrnoException) => error.code,
);
process.stdout.write(`${JSON.stringify({ refused, after })}\n`);
await store.close();
