import { EventEmitter } from 'node:events';
import { Server } from 'node:http';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { limitUnread } from '../../src/http/unread-answers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A connection whose client reads when the test says so: no real one stops at an exact byte. */
class Connection extends EventEmitter {
  bytesWritten = 0;
  writableLength = 0;
  destroyed = false;

  answer(bytes: number): void {
    this.bytesWritten += bytes;
    this.writableLength += bytes;
  }

  read(bytes: number): void {
    this.writableLength -= bytes;
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

function serve(bytes: number): () => Connection {
  const server = new Server();
  onTestFinished(limitUnread(server, { bytes, stalledMs: 1_000, intervalMs: 100 }));
  return () => {
    const connection = new Connection();
    server.emit('connection', connection);
    return connection;
  };
}

test('closes a connection on which nothing was read for the time limit', () => {
  const connection = serve(1_000_000)();
  connection.answer(1_000);
  vi.advanceTimersByTime(900);
  expect(connection.destroyed).toBe(false);
  vi.advanceTimersByTime(100);
  expect(connection.destroyed).toBe(true);
});

test('keeps a connection that is read slowly, however long it takes', () => {
  const connection = serve(1_000_000)();
  connection.answer(1_000);
  for (let second = 0; second < 60; second += 1) {
    vi.advanceTimersByTime(900);
    connection.read(1);
  }
  expect(connection.destroyed).toBe(false);
});

test('keeps a slow reader above the limit on bytes, and closes the connection that does not read', () => {
  const open = serve(1_000);
  const [slow, silent] = [open(), open()];
  slow.answer(900);
  silent.answer(900);
  for (let round = 0; round < 5; round += 1) {
    slow.read(1);
    vi.advanceTimersByTime(100);
  }
  expect([slow.destroyed, silent.destroyed]).toEqual([false, true]);
});
