import type { ProtocolProbe } from '@slack-mcp/core/backend';

const CORRELATION_ID = 0x736c6d63;
const API_VERSIONS = 18;
/** An ApiVersions request in version 0: length, API key, version, correlation id, no client id. */
const REQUEST = Buffer.alloc(14);
REQUEST.writeInt32BE(10, 0);
REQUEST.writeInt16BE(API_VERSIONS, 4);
REQUEST.writeInt32BE(CORRELATION_ID, 8);
REQUEST.writeInt16BE(-1, 12);

/** Recognizes a Kafka broker by its answer to a request. */
export const KAFKA_PROTOCOL: ProtocolProbe = {
  request: REQUEST,
  isAnswer: (bytes) => bytes.length >= 8 && Buffer.from(bytes).readInt32BE(4) === CORRELATION_ID,
};
