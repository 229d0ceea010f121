import type { Chance } from '../chance.ts';
import { credentialsOf, pickSender, type Sender } from './credentials.ts';
import { restText, rpcText } from './messages.ts';

/** A request and its sender. */
export interface McpRequest {
  readonly sender: Sender;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Open sessions by sender. */
export type Sessions = Readonly<Record<'reader' | 'writer' | 'slack', readonly string[]>>;

/** A mark in every text that a sender without write access tries to write. */
export const READERS_MARK = 'written-without-the-right-to';

const JSON_TYPES = ['application/json', 'application/json', 'application/json; charset=utf-8', 'text/plain', ''];
const ACCEPTS = [
  'application/json, text/event-stream',
  'application/json',
  'text/event-stream',
  '*/*',
  'text/html',
  '',
];
const REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2026-07-28', '1999-01-01', ''];

/** Creates a request. The same for the same chance, except for the time of signatures and the ids of sessions. */
export function makeMcpRequest(chance: Chance, sessions: Sessions): McpRequest {
  const sender = pickSender(chance);
  const mark = sender === 'writer' ? 'written-by-the-writer' : READERS_MARK;
  const kind = chance.below(20);
  if (kind === 0)
    return plain(chance, sender, {
      method: 'GET',
      path: chance.pick(['/list_tools', '/mcp/sse', '/mcp', '/']),
      sessions,
    });
  if (kind === 1)
    return plain(chance, sender, {
      method: chance.pick(['DELETE', 'PUT', 'PATCH', 'OPTIONS', 'HEAD']),
      path: chance.pick(['/mcp', '/', '/mcp/messages', '/call_tool']),
      sessions,
    });
  if (kind < 5) return posted(chance, sender, { path: '/call_tool', text: restText(chance, mark), headers: {} });
  const isModern = chance.once(3);
  const { text, method } = rpcText(chance, { mark, isModern });
  const session = sessionOf(chance, sender, sessions);
  if (kind < 7) {
    const path = `/mcp/messages?sessionId=${session || chance.word(8)}`;
    return posted(chance, sender, { path, text, headers: {} });
  }
  const headers = {
    accept: chance.once(5) ? chance.pick(ACCEPTS) : (ACCEPTS[0] as string),
    ...(isModern
      ? { 'mcp-protocol-version': '2026-07-28', 'mcp-method': chance.once(10) ? chance.word(5) : method }
      : { 'mcp-protocol-version': chance.once(4) ? chance.pick(REVISIONS) : '2025-11-25' }),
    ...(session === '' || isModern ? {} : { 'mcp-session-id': session }),
    ...(chance.once(20) ? { origin: chance.pick(['https://evil.example', 'null', 'http://127.0.0.1']) } : {}),
    ...(chance.once(30) ? { host: chance.pick(['evil.example', '127.0.0.1:1', '[::1]']) } : {}),
  };
  return posted(chance, sender, { path: chance.pick(['/mcp', '/mcp', '/']), text, headers });
}

function sessionOf(chance: Chance, sender: Sender, sessions: Sessions): string {
  if (chance.once(6)) return chance.pick(['', chance.word(20), 'nobody']);
  const owner = chance.once(15) ? chance.pick(['reader', 'writer', 'slack'] as const) : sender;
  const own = owner === 'reader' || owner === 'writer' || owner === 'slack' ? sessions[owner] : [];
  return own.length === 0 ? '' : chance.pick(own);
}

function plain(
  chance: Chance,
  sender: Sender,
  { method, path, sessions }: { method: string; path: string; sessions: Sessions },
): McpRequest {
  const session = sessionOf(chance, sender, sessions);
  const headers = {
    accept: chance.pick(['text/event-stream', '*/*', 'application/json']),
    ...(session === '' ? {} : { 'mcp-session-id': session }),
    ...(chance.once(6) ? { 'last-event-id': chance.word(12) } : {}),
    ...credentialsOf(sender, Buffer.alloc(0), chance),
  };
  return { sender, method, path, headers, body: Buffer.alloc(0) };
}

function posted(
  chance: Chance,
  sender: Sender,
  { path, text, headers }: { path: string; text: string; headers: Readonly<Record<string, string>> },
): McpRequest {
  const body = Buffer.from(text);
  const type = chance.once(12) ? chance.pick(JSON_TYPES) : (JSON_TYPES[0] as string);
  const all = {
    ...(type === '' ? {} : { 'content-type': type }),
    ...headers,
    ...credentialsOf(sender, body, chance),
  };
  return { sender, method: 'POST', path, headers: all, body };
}
