import { createHmac } from 'node:crypto';
import type { Chance } from '../chance.ts';

/** Access keys and the signing secret of the server under test. */
export const KEYS = { reader: 'a-key-that-may-only-read-0', writer: 'a-key-that-may-write-00000' } as const;
export const SECRET = 'the-signing-secret-of-the-fuzz';

/** The sender of a request. Its permissions determine which outcomes are errors. */
export type Sender = 'nobody' | 'forger' | 'reader' | 'slack' | 'writer';

const SENDERS: readonly Sender[] = ['nobody', 'forger', 'reader', 'reader', 'reader', 'slack', 'writer'];

/** Chooses a sender, most often a reader. */
export function pickSender(chance: Chance): Sender {
  return chance.pick(SENDERS);
}

/** The headers with a sender's credentials. */
export function credentialsOf(sender: Sender, body: Buffer, chance: Chance): Record<string, string> {
  switch (sender) {
    case 'nobody':
      return {};
    case 'reader':
      return { authorization: `Bearer ${KEYS.reader}` };
    case 'writer':
      return { authorization: `Bearer ${KEYS.writer}` };
    case 'slack':
      return signed(SECRET, body, Math.floor(Date.now() / 1000));
    case 'forger': {
      const seconds = Math.floor(Date.now() / 1000);
      return chance.pick([
        { authorization: `Bearer ${chance.word(26)}` },
        { authorization: `Basic ${KEYS.writer}` },
        { authorization: `Bearer ${KEYS.writer.slice(0, -1)}` },
        { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0.' },
        signed('another-secret', body, seconds),
        signed(SECRET, body, seconds - 3_600),
        signed(SECRET, Buffer.from('another body'), seconds),
        { 'x-slack-signature': 'x' },
      ]);
    }
  }
}

function signed(secret: string, body: Buffer, seconds: number): Record<string, string> {
  const digest = createHmac('sha256', secret).update(`v0:${seconds}:`).update(body).digest('hex');
  return { 'x-slack-request-timestamp': String(seconds), 'x-slack-signature': `v0=${digest}` };
}
