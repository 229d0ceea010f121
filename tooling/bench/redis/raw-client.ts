import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { slackEvent } from '../slack-event.ts';

/** A typical client written with `ioredis`: the same entries and JSON, with commands pipelined by the client. */
export class RawClient {
  readonly redis: Redis;
  #sha = '';

  constructor(url: string) {
    this.redis = new Redis(url, { enableAutoPipelining: true });
  }

  async connect(): Promise<void> {
    this.#sha = (await this.redis.script('LOAD', CLAIM_AND_APPEND)) as string;
  }

  publish(key: string): Promise<unknown> {
    return this.redis.xadd(key, '*', ...entry(randomUUID()));
  }

  /** Publishes a message once, with one script call. */
  publishOnce(key: string, messageId: string): Promise<unknown> {
    return this.redis.evalsha(this.#sha, 2, key, `{${key}}:dedupe:${messageId}`, 900_000, ...entry(messageId));
  }

  async fill(key: string, count: number): Promise<void> {
    const batch = 1_000;
    for (let left = count; left > 0; left -= batch) {
      await Promise.all(Array.from({ length: Math.min(batch, left) }, () => this.publish(key)));
    }
  }

  /** Reads batches of 128 and parses them. Acks each batch with one command, without delaying the next read. */
  async consume(key: string, group: string, count: number): Promise<void> {
    const acks: Promise<unknown>[] = [];
    for (let consumed = 0; consumed < count; ) {
      const reply = await this.redis.xreadgroup('GROUP', group, 'raw', 'COUNT', 128, 'STREAMS', key, '>');
      const [[, entries = []] = []] = (reply ?? []) as [string, [string, string[]][]][];
      for (const [, fields] of entries) {
        const payload = JSON.parse(fields[fields.indexOf('data') + 1] ?? '') as typeof slackEvent;
        if (payload.type !== 'event_callback') throw new Error('the message differs from the published one');
      }
      acks.push(this.redis.xack(key, group, ...entries.map(([id]) => id)));
      consumed += entries.length;
    }
    await Promise.all(acks);
  }

  close(): void {
    this.redis.disconnect();
  }
}

const CLAIM_AND_APPEND = `
if not redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) then return false end
return redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2))
`;

function entry(messageId: string): string[] {
  const data = JSON.stringify(slackEvent);
  return ['data', data, 'slack-mcp-message-id', messageId, 'slack-mcp-timestamp', `${Date.now()}`];
}
