import { Agent, get, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { KEYS } from '../mcp/credentials.ts';

/** The address of the attacked server. */
export interface Target {
  readonly port: number;
}

/** An attack on the server. Starts it and returns a function that ends it. */
export type Attack = (target: Target) => () => void;

const READER = { authorization: `Bearer ${KEYS.reader}` };
const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const MIB = 2 ** 20;

/** Repeats an action as fast as possible, with a number of concurrent runs. */
function repeat(times: number, act: () => Promise<unknown>): () => void {
  let isOver = false;
  const loop = async (): Promise<void> => {
    while (!isOver) {
      await act();
      // Pauses, so that actions that fail at once do not block the event loop.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  for (let index = 0; index < times; index += 1) void loop();
  return () => {
    isOver = true;
  };
}

function post(
  { port }: Target,
  path: string,
  { headers, body, agent }: { headers: Record<string, string>; body: Buffer | string; agent?: Agent },
): Promise<void> {
  return new Promise((resolve) => {
    const all = { ...JSON_HEADERS, ...headers, 'content-length': String(Buffer.byteLength(body)) };
    const sent = httpRequest(
      { port, host: '127.0.0.1', path, method: 'POST', headers: all, ...(agent && { agent }) },
      (answer) => {
        answer.on('error', () => {}).resume();
        answer.once('close', resolve);
      },
    );
    sent.on('error', () => resolve());
    sent.setTimeout(20_000, () => sent.destroy());
    sent.end(body);
  });
}

/** Headers in Slack's format with a wrong signature. */
function forged(): Record<string, string> {
  return {
    'x-slack-signature': `v0=${'0'.repeat(64)}`,
    'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)),
  };
}

function rpc(method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: Math.floor(Math.random() * 1e9), method, params });
}

const INITIALIZE = rpc('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'attack', version: '0' },
});

/** Opens a session with read access. */
function openSession({ port }: Target): Promise<string> {
  return new Promise((resolve) => {
    const headers = { ...JSON_HEADERS, ...READER };
    const sent = httpRequest({ port, host: '127.0.0.1', path: '/mcp', method: 'POST', headers }, (answer) => {
      answer.on('error', () => {}).resume();
      resolve(String(answer.headers['mcp-session-id'] ?? ''));
    });
    sent.on('error', () => resolve(''));
    sent.end(INITIALIZE);
  });
}

/** The attacks by name. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  'bodies of 4 MiB with forged signatures': (target) => {
    const body = Buffer.alloc(4 * MIB - 1, 'x');
    return repeat(20, () =>
      post(target, '/mcp', {
        headers: { ...forged(), ...(Math.random() < 0.5 ? {} : { 'x-slack-signature': 'x' }) },
        body,
      }),
    );
  },
  'incomplete bodies': ({ port }) => {
    const open = (): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => {}).once('close', () => resolve());
        socket.write(
          `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nx-slack-signature: ${forged()['x-slack-signature']}\r\nx-slack-request-timestamp: 1\r\ncontent-length: 260000\r\n\r\n${'x'.repeat(250_000)}`,
        );
      });
    return repeat(50, open);
  },
  'batches of a million members': (target) => {
    const body = `[${'{},'.repeat(1_300_000)}{}]`;
    return repeat(4, () => post(target, '/mcp', { headers: READER, body }));
  },
  'calls while Slack hangs, over 8 connections': (target) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const stop = repeat(64, () =>
      post(target, '/mcp', {
        headers: {
          ...READER,
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'tools/call',
          'mcp-name': 'slack_read_emojis',
        },
        body: rpc('tools/call', {
          name: 'slack_read_emojis',
          arguments: {},
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'attack', version: '0' },
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        }),
        agent,
      }),
    );
    return () => {
      stop();
      agent.destroy();
    };
  },
  'calls over SSE with unread answers': (target) => {
    let path = '';
    const stream = get({ port: target.port, host: '127.0.0.1', path: '/mcp/sse', headers: READER }, (answer) => {
      answer.setEncoding('utf8').on('data', (text: string) => {
        path ||= /data: (\S+)/.exec(text)?.[1] ?? '';
      });
      answer.on('error', () => {});
    }).on('error', () => {});
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const stop = repeat(32, () =>
      post(target, path || '/mcp/messages', {
        headers: READER,
        body: rpc('tools/call', { name: 'slack_read_emojis', arguments: {} }),
        agent,
      }),
    );
    return () => {
      stop();
      agent.destroy();
      stream.destroy();
    };
  },
  'subscriptions to URIs of several megabytes': (target) => {
    let session = '';
    void openSession(target).then((id) => {
      session = id;
    });
    const uri = `slack://channels/${'x'.repeat(3_900_000)}`;
    return repeat(2, () =>
      post(target, '/mcp', {
        headers: { ...READER, 'mcp-session-id': session },
        body: rpc('resources/subscribe', { uri }),
      }),
    );
  },
  'unlimited sessions and streams': (target) => {
    const streams = new Set<{ destroy(): void }>();
    const stop = repeat(8, async () => {
      await post(target, '/mcp', { headers: READER, body: INITIALIZE });
      const stream = get(
        { port: target.port, host: '127.0.0.1', path: '/mcp/sse', headers: READER, agent: false },
        (answer) => {
          answer.on('error', () => {}).on('data', () => {});
          if (answer.statusCode === 200) streams.add(stream);
          else stream.destroy();
        },
      );
      stream.on('error', () => {}).once('close', () => streams.delete(stream));
    });
    return () => {
      stop();
      for (const stream of streams) stream.destroy();
    };
  },
  'idle connections': ({ port }) => {
    const open = (): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => {}).once('close', () => resolve());
      });
    return repeat(400, open);
  },
  'unsigned events': (target) =>
    repeat(16, () =>
      post(target, '/slack/events', { headers: { 'x-slack-signature': 'v0=00' }, body: '{"type":"event_callback"}' }),
    ),
  'a batch of a hundred reads': (target) => {
    const batch = Array.from({ length: 100 }, (_, id) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'slack_read_emojis', arguments: {} },
    }));
    let session = '';
    void openSession(target).then((id) => {
      session = id;
    });
    return repeat(2, () =>
      post(target, '/mcp', { headers: { ...READER, 'mcp-session-id': session }, body: JSON.stringify(batch) }),
    );
  },
};
