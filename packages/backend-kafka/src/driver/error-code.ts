import protocol from 'kafkajs/src/protocol/error.js';

const types: ReadonlyMap<number, string> = new Map(protocol.errorCodes.map(({ code, type }) => [code, type]));

/** An error code in a response from the broker. */
export class BrokerError extends Error {
  /** The name of the code, for example `NOT_LEADER_FOR_PARTITION`. */
  readonly type: string;

  constructor(errorCode: number, detail?: string | null) {
    const type = errorType(errorCode);
    super(detail ? `${type}: ${detail}` : type);
    this.name = 'BrokerError';
    this.type = type;
  }
}

/** Codes with which a broker refuses a request because the metadata of the client is out of date. */
export const STALE_METADATA: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
]);

/** Returns the name of an error code, including codes that the library does not know. */
export function errorType(errorCode: number): string {
  return LATER.get(errorCode) ?? types.get(errorCode) ?? `error code ${errorCode}`;
}

const LATER: ReadonlyMap<number, string> = new Map([
  [79, 'MEMBER_ID_REQUIRED'],
  [81, 'GROUP_MAX_SIZE_REACHED'],
  [87, 'INVALID_RECORD'],
  [90, 'PRODUCER_FENCED'],
]);

/** @throws BrokerError - the code is not 0 */
export function assertSuccess(errorCode: number, detail?: string | null): void {
  if (errorCode !== 0) throw new BrokerError(errorCode, detail);
}
