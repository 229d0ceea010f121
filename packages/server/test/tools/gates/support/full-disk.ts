import { openFileIdempotencyStore } from '../../../../src/tools/gates/idempotency/file-idempotency-store.ts';

// Claims keys until the file may not grow any more, then one that still fits.
const [path = ''] = process.argv.slice(2);
const store = await openFileIdempotencyStore({ path });
await store.claim('first', 'f');
// More bytes than characters.
await store.complete('first', { text: 'Größe' });
const refused = await store.claim('too long', 'f'.repeat(8_000)).catch((error: NodeJS.ErrnoException) => error.code);
const claim = (key: string, fingerprint: string): Promise<string | undefined> =>
  store.claim(key, fingerprint).then(
    (known) => (known === undefined ? 'taken' : 'known'),
    (error: NodeJS.ErrnoException) => error.code,
  );
const again = await claim('too long', 'short');
const after = await claim('after', 'f');
process.stdout.write(`${JSON.stringify({ refused, again, after })}\n`);
await store.close();
