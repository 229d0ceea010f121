import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  type InitializeRequest,
  InitializeRequestSchema,
  type InitializeResult,
  type JSONRPCRequest,
  type ServerNotification,
  type ServerRequest,
  type ServerResult,
  type Task,
} from '@modelcontextprotocol/sdk/types.js';
import type { SessionTasks } from '../tasks/session-tasks.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { TASK_CAPABILITIES, taskOptions, withTasks } from '../tasks/with-tasks.ts';
import { openNotices } from './call-notices.ts';
import { callerOf, clientOf, selectionOf } from './caller-info.ts';
import type { Changes } from './changes.ts';
import type { ClientLogLevel } from './client-log.ts';
import type { McpService, RequestContext, RequestHandlers } from './mcp-service.ts';
import { RequestError } from './request-error.ts';
import { checkParams } from './request-params.ts';
import type { ListClient } from './service-lists.ts';
import { sessionAsk } from './session-ask.ts';
import { SessionState } from './session-state.ts';

/** Options of `createSdkServer`. */
export interface SdkServerOptions {
  /** The tasks of the process. Without `tasks`, tools cannot be called as tasks. */
  readonly tasks?: Tasks | undefined;
  /** The changes that subscribed clients receive. Without `changes`, clients cannot subscribe to resources. */
  readonly changes?: Changes | undefined;
  /** Whether the server handles a single request and keeps no state after it. Default: false. */
  readonly stateless?: boolean | undefined;
  /** The tasks of the caller of a single request. By default, such a request cannot use tasks. */
  readonly sharedTasks?: SessionTasks | undefined;
  /** The revision that the header of a single request names. */
  readonly revision?: string | undefined;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;
type Handle = (params: never, context: RequestContext) => unknown;

/** Creates a server for revisions up to 2025-11-25, with version 1 of the MCP SDK. Each server handles one session. */
export function createSdkServer(service: McpService, options: SdkServerOptions = {}): Server {
  const { tasks, stateless = false } = options;
  const changes = stateless ? undefined : options.changes;
  const session = stateless ? options.sharedTasks : tasks?.session();
  const server = new Server(service.info, {
    capabilities: {
      ...service.capabilities,
      ...(changes && { resources: { subscribe: true } }),
      ...(stateless ? {} : { logging: {} }),
      ...(session && TASK_CAPABILITIES),
    },
    jsonSchemaValidator: NO_VALIDATOR,
    ...(session && taskOptions(session)),
  });
  const state = new SessionState({
    locate: service.reader.locate,
    changes,
    tell: (uri) => void server.sendResourceUpdated({ uri }).catch(() => {}),
  });
  const notify = async (task: Task): Promise<void> => {
    if (!stateless) await server.notification({ method: 'notifications/tasks/status', params: task });
  };
  let hasTasks = (options.revision ?? '') >= FIRST_WITH_TASKS;
  const offered = (): boolean => hasTasks;
  const handlers =
    tasks && session ? withTasks(service.handlers, { tasks, session, notify, offered }) : service.handlers;
  answerInitialize(server, async ({ params }, client, answer) => {
    const instructions = service.instructionsFor(client);
    if (!session) return { ...(await answer()), instructions };
    // A client may send calls before it receives the answer. Until then, the requested revision decides.
    hasTasks = params.protocolVersion >= FIRST_WITH_TASKS;
    const result = { ...(await answer()), instructions };
    hasTasks = result.protocolVersion >= FIRST_WITH_TASKS;
    if (hasTasks) return result;
    const { tasks: _tasks, ...capabilities } = result.capabilities;
    return { ...result, capabilities };
  });
  server.onclose = () => {
    state.end();
    session?.end();
  };

  // One handler for all methods, because the SDK's own way copies and checks every request and result several times.
  server.removeRequestHandler('logging/setLevel');
  server.fallbackRequestHandler = async ({ method, params }: JSONRPCRequest, extra: Extra) => {
    const handle = handlerOf(method);
    checkParams(method, params);
    const notices = openNotices({
      send: (notice) => extra.sendNotification(notice),
      progressToken: extra._meta?.progressToken,
      logLevel: stateless ? undefined : state.logLevel,
    });
    try {
      const caller = callerOf(extra.authInfo);
      const narrowing = selectionOf(extra.authInfo);
      const ask = stateless ? undefined : sessionAsk(server, extra);
      const context = { signal: extra.signal, caller, narrowing, reports: notices, ask };
      return (await handle(params as never, context)) as ServerResult;
    } finally {
      notices.end();
    }
  };

  function handlerOf(method: string): Handle {
    if (Object.hasOwn(handlers, method)) return handlers[method as keyof RequestHandlers] as Handle;
    if (!stateless && method === 'logging/setLevel') return setLevel;
    if (changes && method === 'resources/subscribe') return subscribe;
    if (changes && method === 'resources/unsubscribe') return unsubscribe;
    throw new RequestError('methodNotFound', 'Method not found');
  }

  function setLevel({ level }: { level: ClientLogLevel }): object {
    state.logLevel = level;
    return {};
  }

  async function subscribe({ uri }: { uri: string }, context: RequestContext): Promise<object> {
    await state.subscribe(uri, context);
    return {};
  }

  function unsubscribe({ uri }: { uri: string }): object {
    state.unsubscribe(uri);
    return {};
  }

  return server;
}

/** The only revision in which clients can call tools as tasks. */
const FIRST_WITH_TASKS = '2025-11-25';

type AnswerInitialize = (
  request: InitializeRequest,
  client: ListClient,
  answer: () => Promise<InitializeResult>,
) => Promise<InitializeResult>;

/**
 * Lets `change` adjust the SDK's answer to `initialize`. The answer depends on the client and on the session's revision,
 * which are known only when `initialize` arrives.
 */
function answerInitialize(server: Server, change: AnswerInitialize): void {
  // The SDK reserves this method and has no public way to get its answer.
  const answer = Reflect.get(server, '_oninitialize') as (request: InitializeRequest) => Promise<InitializeResult>;
  server.setRequestHandler(InitializeRequestSchema, (request, extra) =>
    change(request, clientOf(extra.authInfo), () => answer.call(server, request)),
  );
}

/**
 * Replaces the SDK's validator of answers to input requests, which takes 17 KiB of memory per server. No validator is
 * needed, because this server sends only input requests without fields.
 */
const NO_VALIDATOR = {
  getValidator(): never {
    throw new Error(
      'The server has no validator for the fields of an answer. Send only input requests without fields.',
    );
  },
};
