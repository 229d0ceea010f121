/** Declares the parts of kafkajs that the driver uses and that the library's own types omit. */

declare module 'kafkajs/src/network/connection.js' {
  interface RequestQueue {
    throttledUntil: number;
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests(): void;
  }
  /** A socket connected to one broker. */
  class Connection {
    constructor(options: Record<string, unknown>);
    readonly requestQueue: RequestQueue;
    readonly socket?: import('node:net').Socket;
    /** Milliseconds for which the broker accepts a login; 0 means no limit. */
    readonly sessionLifetime: { toString(): string };
    /** Milliseconds before the end of the session at which the library logs in again. */
    reauthenticationThreshold: number;
    isConnected(): boolean;
    connect(): Promise<boolean>;
    authenticate(): Promise<void>;
    setVersions(versions: unknown): void;
    setSupportAuthenticationProtocol(isSupported: boolean): void;
    send(call: unknown): Promise<unknown>;
  }
  export = Connection;
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  type Call = import('./record-codec.ts').Call;
  interface Definition {
    readonly versions: readonly string[];
    protocol(options: { version: number }): (args: unknown) => Call;
  }
  const library: {
    readonly requests: Readonly<Record<string, Definition>>;
    lookup(versions: unknown): (apiKey: number, definition: Definition) => (args: unknown) => Call;
  };
  export = library;
}

declare module 'kafkajs/src/protocol/requests/apiKeys.js' {
  const apiKeys: Readonly<Record<string, number>>;
  export = apiKeys;
}

declare module 'kafkajs/src/protocol/error.js' {
  const library: { readonly errorCodes: readonly { readonly type: string; readonly code: number }[] };
  export = library;
}

declare module 'kafkajs/src/protocol/decoder.js' {
  class Decoder {
    constructor(bytes: Buffer);
  }
  export = Decoder;
}

declare module 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js' {
  function decodeMessages(
    decoder: import('kafkajs/src/protocol/decoder.js'),
  ): Promise<import('./library-records.ts').LibraryRecord[]>;
  export = decodeMessages;
}

declare module 'kafkajs/src/consumer/filterAbortedMessages.js' {
  function filterAbortedMessages<T>(fetched: { messages: T[]; abortedTransactions: readonly unknown[] }): T[];
  export = filterAbortedMessages;
}

declare module 'kafkajs/src/producer/partitioners/default/murmur2.js' {
  function murmur2(key: string | Buffer): number;
  export = murmur2;
}
