import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { httpErrorBody } from './http-errors.ts';

const TOO_LATE = { status: 408, code: 'request_timeout', message: 'The request did not arrive in time.' } as const;
const TOO_LONG = { status: 431, code: 'headers_too_large', message: 'The headers exceed the limit.' } as const;
const BROKEN = { status: 400, code: 'bad_request', message: 'The request is not valid HTTP.' } as const;

/** Responds to data that is not a valid HTTP request with an error in the common format, and closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const { status, code, message } = failureOf(error.code);
    const id = randomUUID();
    const body = JSON.stringify(httpErrorBody({ code, message, component: 'http' }, id));
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-correlation-id: ${id}`,
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroy(error);
}

function failureOf(code: string | undefined): typeof TOO_LATE | typeof TOO_LONG | typeof BROKEN {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return TOO_LATE;
  return code === 'HPE_HEADER_OVERFLOW' ? TOO_LONG : BROKEN;
}
