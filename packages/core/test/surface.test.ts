import { expect, test } from 'vitest';

test('exports exactly these names', async () => {
  expect(Object.keys(await import('../src/index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "AuthenticationError",
      "BackendInvalidError",
      "BackendNotFoundError",
      "ConfigurationError",
      "ConnectionError",
      "ConnectionRefusedError",
      "ConsumeError",
      "HostNotFoundError",
      "LeaseLostError",
      "PayloadTooLargeError",
      "ProtocolError",
      "PublishError",
      "QUEUE_ENV",
      "QueueClosedError",
      "QueueError",
      "QueueFullError",
      "QueueTimeoutError",
      "SerializationError",
      "TlsError",
      "TopologyError",
      "UnroutableError",
      "UnsupportedError",
      "assertGroup",
      "assertKey",
      "backoffDelay",
      "closeInOrder",
      "decodePayload",
      "encodePayload",
      "encodedPayload",
      "envHelp",
      "escapeControls",
      "formatText",
      "isBackendPlugin",
      "isQueueBackend",
      "isQueueError",
      "listBackends",
      "loadBackend",
      "loadDedupeStore",
      "loadTaskQueues",
      "loadWorkerModule",
      "nearestName",
      "payloadOf",
      "readEnv",
      "readKeySettings",
      "readRegularFile",
      "redactSecrets",
      "routeKey",
      "silentLogger",
      "untilFailure",
      "warnIfNotStarted",
      "withinTime",
    ]
  `);
});

test('exports exactly these names to backend authors, and no name twice', async () => {
  const backend = Object.keys(await import('../src/backend.ts'));
  const index = new Set(Object.keys(await import('../src/index.ts')));
  expect(backend.filter((name) => index.has(name))).toEqual([]);
  expect(backend.sort()).toMatchInlineSnapshot(`
    [
      "BackendLifecycle",
      "Credits",
      "DueQueue",
      "MAX_TIMER_MS",
      "MinHeap",
      "WIRE_HEADERS",
      "assertInteger",
      "brokerEnv",
      "createPublisher",
      "createSubscription",
      "formatAddress",
      "parseAddresses",
      "parseBrokerUrl",
      "pause",
      "readAuthority",
      "readBrokerEnv",
      "redactUrl",
      "resolveBrokerOptions",
      "resolveConsumeOptions",
      "resolveIntegers",
      "resolvePublish",
      "resolveQueueOptions",
      "retryUntil",
      "withoutUndefined",
    ]
  `);
});
