import type { ProtocolProbe } from '@slack-mcp/core/backend';

const CORRELATION_ID = 0x736c6d63;
const API_VERSIONS = 18;
/** Length, API key, version 0, correlation id, no client id. */
const REQUEST = Buffer.alloc(14);
REQUEST.writeInt32BE(10, 0);
REQUEST.writeInt16BE(API_VERSIONS, 4);
REQUEST.writeInt32BE(CORRELATION_ID, 8);
REQUEST.writeInt16BE(-1, 12);

/** How to recognize a Kafka broker. */
export const KAFKA_PROTOCOL: ProtocolProbe = {
  request: REQUEST,
  isAnswer: (bytes) => bytes.length >= 8 && Buffer.from(bytes).readInt32BE(4) === CORRELATION_ID,
};
