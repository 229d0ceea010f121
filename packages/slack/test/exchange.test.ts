import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { AnswerTooLargeError } from '../src/egress/decompress.ts';
import { createExchange } from '../src/egress/exchange.ts';

const send = (url: string, maxBytes?: number) =>
  createExchange(new Agent(), maxBytes)({ url, headers: {}, body: 'limit=1' });

const TEXT = '{"ok":true,"text":"Grüße"}';

async function serve(body: Buffer, headers: Record<string, string> = {}, status = 200): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/users.list`;
}

test.each([
  ['uncompressed', Buffer.from(TEXT), undefined],
  ['gzip', gzipSync(TEXT), 'gzip'],
  ['deflate', deflateSync(TEXT), 'deflate'],
  ['br', brotliCompressSync(TEXT), 'br'],
])('reads an answer: %s', async (_name, body, encoding) => {
  const url = await serve(body, encoding === undefined ? {} : { 'content-encoding': encoding });
  const response = await send(url);
  expect(response.status).toBe(200);
  expect(response.body.toString()).toBe(TEXT);
});

test('rejects an answer that cannot be decompressed', async () => {
  const url = await serve(Buffer.from('not gzip'), { 'content-encoding': 'gzip' });
  await expect(send(url)).rejects.toThrow('incorrect header check');
});

test.each([
  ['uncompressed', Buffer.alloc(5_000, 'x'), undefined],
  ['gzip', gzipSync(Buffer.alloc(5_000, 'x')), 'gzip'],
  ['br', brotliCompressSync(Buffer.alloc(5_000, 'x')), 'br'],
])('rejects an answer above the limit: %s', async (_name, body, encoding) => {
  const url = await serve(body, encoding === undefined ? {} : { 'content-encoding': encoding });
  await expect(send(url, 4_999)).rejects.toThrow(AnswerTooLargeError);
  expect((await send(url, 5_000)).body).toHaveLength(5_000);
});

test('stops reading an endless answer', async () => {
  let cutOff = false;
  const server = createServer((_request, response) => {
    response.writeHead(200);
    const more = (): void => void (response.destroyed || response.write(Buffer.alloc(65_536), more));
    response.once('close', () => {
      cutOff = true;
    });
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await expect(send(url, 1_000_000)).rejects.toThrow(AnswerTooLargeError);
  await expect.poll(() => cutOff, { timeout: 10_000 }).toBe(true);
});

test('does not follow a redirect, because that would send the token along', async () => {
  const url = await serve(Buffer.alloc(0), { location: 'http://127.0.0.1:1/' }, 302);
  const response = await send(url);
  expect([response.status, response.headers['location']]).toEqual([302, 'http://127.0.0.1:1/']);
});
