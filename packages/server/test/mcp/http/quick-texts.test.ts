import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { QuickAnswers } from '../../../src/mcp/http/quick-answers.ts';

const request = {
  headers: { accept: 'application/json, text/event-stream' },
  body: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
} as FastifyRequest;

const serverOf = (result: object): Server => ({ fallbackRequestHandler: async () => result }) as unknown as Server;

it('writes a list that may change for each answer', async () => {
  const tools: string[] = [];
  const quick = new QuickAnswers();
  const server = serverOf({ tools });
  expect(String(await quick.to(request, server, undefined))).toContain('"tools":[]');
  tools.push('new');
  expect(String(await quick.to(request, server, undefined))).toContain('"tools":["new"]');
});
