import type { Chance } from '../chance.ts';

export const JSON_TYPE = 'application/json';
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** A body with Slack's content type. */
export interface Body {
  readonly type: string;
  readonly bytes: Buffer;
}

type Make = (chance: Chance) => Body;

const event = (inner: object, chance: Chance): Body => json({ ...envelope(chance), event: inner });

/** Slack's requests with varying fields. */
const MAKERS: readonly Make[] = [
  (chance) => event({ type: 'app_mention', channel: 'C1', text: chance.word(chance.below(200)), ts: '1.1' }, chance),
  (chance) => event({ type: 'message', channel: chance.word(9), channel_type: 'channel', text: '😀\u2028"\\' }, chance),
  (chance) => event({ type: 'reaction_added', item: { channel: 'C1', ts: '1.1' } }, chance),
  (chance) => event({ type: chance.word(1 + chance.below(300)) }, chance),
  () => json({ type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1 }),
  (chance) => json({ type: 'url_verification', token: 'x', challenge: chance.word(20) }),
  (chance) => payload({ type: 'block_actions', trigger_id: chance.word(12), channel: { id: 'C1' }, actions: [] }),
  (chance) => payload({ type: 'view_submission', trigger_id: chance.word(12), view: { blocks: [] } }),
  () => payload({ type: 'block_suggestion', value: 'x' }),
  (chance) => form({ command: '/deploy', text: chance.word(30), trigger_id: chance.word(12), channel_id: 'C1' }),
  () => form({ ssl_check: '1', token: 'x' }),
];

/** Creates a body of any kind that Slack sends. */
export function makeBody(chance: Chance): Body {
  return chance.pick(MAKERS)(chance);
}

const HOSTILE: readonly string[] = [
  '',
  'null',
  '[]',
  '"text"',
  '{}',
  '{"type":null,"event":null}',
  '{"type":"event_callback","event":[]}',
  '{"type":"event_callback","event":{"type":{"a":1}}}',
  '{"type":"event_callback","event_id":5,"event":{"type":"message","channel":{"id":[]}}}',
  '{"__proto__":{"type":"message"},"constructor":1}',
  '{"type":"event_callback","event":{"type":"__proto__","__proto__":{}}}',
  '{"type":"event_callback","event":{"type":"\\ud800"}}',
  '{"type":"event_callback","event_id":"\\udfff","event":{"type":"message","channel":"\\ud800"}}',
  '{"type":"event_callback","event":{"type":"message","n":1e999,"m":-0}}',
  '\ufeff{"type":"event_callback","event":{"type":"message"}}',
  '{"type":"url_verification","challenge":{}}',
  'payload=%7B%22type%22%3A%22block_actions%22%7D&payload=x',
  'payload=%',
  'payload=null',
  'command=&command=/x',
  'ssl_check=0&payload={}',
  '=&=&&;',
];

/** Breaks a body in one of many ways. */
export function mutateBody(body: Body, chance: Chance): Body {
  const { bytes, type } = body;
  const at = chance.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + 1 + chance.below(20));
  switch (chance.below(10)) {
    case 0:
      return {
        type,
        bytes: Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ (1 << chance.below(8)) : byte))),
      };
    case 1:
      return { type, bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]) };
    case 2:
      return {
        type,
        bytes: Buffer.concat([bytes.subarray(0, at), chance.bytes(1 + chance.below(16)), bytes.subarray(at)]),
      };
    case 3:
      return { type, bytes: Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]) };
    case 4:
      return { type, bytes: bytes.subarray(0, at) };
    case 5:
      return { type, bytes: chance.bytes(chance.below(300)) };
    case 6:
      return { type, bytes: nested(chance.pick([10, 999, 1_001, 20_000])) };
    case 7:
      return { type: chance.pick([JSON_TYPE, FORM_TYPE]), bytes };
    case 8:
      // Rarely above the limit of 4 MiB.
      return { type, bytes: Buffer.alloc(chance.once(500) ? 4 * 2 ** 20 + 1 : chance.below(20_000), 'a') };
    default:
      return { type: chance.pick([JSON_TYPE, FORM_TYPE]), bytes: Buffer.from(chance.pick(HOSTILE)) };
  }
}

function nested(depth: number): Buffer {
  return Buffer.from(
    `{"type":"event_callback","event":{"type":"message","x":${'['.repeat(depth)}${']'.repeat(depth)}}}`,
  );
}

function envelope(chance: Chance): object {
  // Few enough ids that some are repeated.
  return {
    type: 'event_callback',
    api_app_id: chance.pick(['A01', 'A02', '']),
    team_id: 'T1',
    event_id: `Ev${chance.below(1_000_000)}`,
    authorizations: [{ user_id: 'UBOT', is_bot: true }],
  };
}

function json(value: object): Body {
  return { type: JSON_TYPE, bytes: Buffer.from(JSON.stringify(value)) };
}

function form(fields: Record<string, string>): Body {
  return { type: FORM_TYPE, bytes: Buffer.from(new URLSearchParams(fields).toString()) };
}

function payload(value: object): Body {
  return form({ payload: JSON.stringify(value) });
}
