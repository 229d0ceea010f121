import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { expect, it } from 'vitest';
import { RequestLease } from '../../../src/access/request-lease.ts';
import { Intake } from '../../../src/mcp/http/intake.ts';
import { OpenRequests } from '../../../src/mcp/http/open-requests.ts';

const request = (id: number): JSONRPCMessage => ({ jsonrpc: '2.0', id, method: 'tools/list' });

/** The requests of a transport, and what one HTTP request holds. */
function open() {
  const wire: { onmessage?: (message: JSONRPCMessage) => void; send(message: JSONRPCMessage): Promise<void> } = {
    send: async () => {},
  };
  const requests = new OpenRequests(wire, new Intake(), { answersCancelled: true });
  const lease = new RequestLease();
  let held = true;
  lease.add(() => {
    held = false;
  });
  return { wire, requests, lease, isHeld: () => held };
}

it('releases what a request holds if the transport rejects all of it', () => {
  const { requests, lease, isHeld } = open();
  const gone = requests.hold([request(1), request(2)], lease);
  lease.end();
  expect(isHeld()).toBe(true);
  gone();
  expect(isHeld()).toBe(false);
});

it('keeps what a request holds after its connection has gone, until the answer', async () => {
  const { wire, requests, lease, isHeld } = open();
  const gone = requests.hold([request(1), request(2)], lease);
  wire.onmessage?.(request(1));
  lease.end();
  gone();
  expect(isHeld()).toBe(true);
  await wire.send({ jsonrpc: '2.0', id: 1, result: {} });
  expect(isHeld()).toBe(false);
});
