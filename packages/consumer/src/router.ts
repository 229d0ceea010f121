import { ConfigurationError } from '@slack-mcp/core';
import type { EventName, EventOf, MessageAliases, MessageName, MessageOf, MessageSubtype } from './event-types.ts';
import type { HandlerContext } from './handler-context.ts';
import { handlerMethods, type OnlyHandlers, type SlackHandlers } from './handlers.ts';
import { type AnyEvent, type Incoming, readPayload, type SlackAction, type SlashCommand } from './slack-payload.ts';

/** Handles one kind of event. When it throws, the message is delivered again. */
export type EventHandler<E> = (event: E, context: HandlerContext) => unknown;

/** Handles whatever comes. */
export type ContextHandler = (context: HandlerContext) => unknown;

/** Handles a slash command. */
export type CommandHandler = (command: SlashCommand, context: HandlerContext) => unknown;

/** Handles one action of an interaction. */
export type ActionHandler = (action: SlackAction, context: HandlerContext) => unknown;

/** Narrows which messages are handled. `{ subtype: undefined }`: those that people write. */
export interface MessageFilter<S extends MessageSubtype> {
  readonly subtype: S;
}

type Run = () => unknown;

/** What a route wants to be called for a payload; nothing if it does not match. */
interface Route {
  readonly match: (incoming: Incoming, context: HandlerContext) => readonly Run[];
  /** Matches everything, and so does not count as knowing what came. */
  readonly catchAll?: true;
}

const CHANNEL_TYPES: ReadonlyMap<string, string> = new Map<keyof MessageAliases, string>([
  ['message.channels', 'channel'],
  ['message.groups', 'group'],
  ['message.im', 'im'],
  ['message.mpim', 'mpim'],
  ['message.app_home', 'app_home'],
]);

/** Which handlers run for what. All that match run, one after the other, in the order they were added. */
export class Router {
  readonly #routes: Route[] = [];
  readonly #unknown: ContextHandler[] = [];

  /** Handles an event by its type, or messages by subscription name: `message.channels`, `message.im`, … */
  on<N extends EventName>(name: N, handler: EventHandler<EventOf<N>>): this;
  /** Handles messages of one subtype. */
  on<N extends MessageName, S extends MessageSubtype>(
    name: N,
    filter: MessageFilter<S>,
    handler: EventHandler<MessageOf<N, S>>,
  ): this;
  on(name: string, ...rest: [EventHandler<never>] | [MessageFilter<MessageSubtype>, EventHandler<never>]): this {
    const handler = rest[rest.length - 1];
    const filter = rest.length === 2 ? rest[0] : undefined;
    assertHandler(handler, `on('${name}')`);
    return this.#add((incoming, context) =>
      incoming.kind === 'event' && matchesEvent(incoming.event, name, filter)
        ? [() => handler(incoming.event as never, context)]
        : [],
    );
  }

  /** Handles a slash command by name, for example `/deploy`. */
  command(name: string | RegExp, handler: CommandHandler): this {
    assertHandler(handler, `command('${name}')`);
    return this.#add((incoming, context) =>
      incoming.kind === 'command' && matches(name, incoming.name) ? [() => handler(incoming.command, context)] : [],
    );
  }

  /** Handles actions by `action_id`, or by `callback_id` where they come from attachments. */
  action(id: string | RegExp, handler: ActionHandler): this {
    assertHandler(handler, `action('${id}')`);
    return this.#add((incoming, context) =>
      incoming.kind === 'action'
        ? incoming.actions.filter((it) => matches(id, it.id)).map((it) => () => handler(it.action, context))
        : [],
    );
  }

  /** Handles everything. */
  any(handler: ContextHandler): this {
    assertHandler(handler, 'any()');
    this.#routes.push({ match: (_incoming, context) => [() => handler(context)], catchAll: true });
    return this;
  }

  /** Handles what no other handler but `any` takes. Without one it is acked all the same. */
  unknown(handler: ContextHandler): this {
    assertHandler(handler, 'unknown()');
    this.#unknown.push(handler);
    return this;
  }

  /**
   * Adds the methods of an object or class that are named after events: `onAppMention`, `onMessageChannels`, `onAny`.
   *
   * @throws ConfigurationError - it has no such method
   */
  use<H extends SlackHandlers>(handlers: H & OnlyHandlers<H>): this {
    const methods = handlerMethods(handlers);
    if (methods.length === 0) {
      throw new ConfigurationError('handlers: no method is named after an event (for example onAppMention)');
    }
    for (const { name, call } of methods) {
      if (name === 'any') this.any(call as ContextHandler);
      else if (name === 'unknown') this.unknown(call as ContextHandler);
      else this.on(name as EventName, call as EventHandler<unknown>);
    }
    return this;
  }

  /** Runs the handlers that match. Rejects with what the first one that fails throws; those after it do not run. */
  async dispatch(context: HandlerContext): Promise<void> {
    const incoming = readPayload(context.envelope);
    let known = false;
    for (const { match, catchAll } of this.#routes) {
      const runs = match(incoming, context);
      known ||= runs.length > 0 && !catchAll;
      for (const run of runs) await run();
    }
    if (known) return;
    context.logger.debug('event_unmatched');
    for (const handler of this.#unknown) await handler(context);
  }

  #add(match: Route['match']): this {
    this.#routes.push({ match });
    return this;
  }
}

function matchesEvent(event: AnyEvent, name: string, filter: MessageFilter<MessageSubtype> | undefined): boolean {
  const channelType = CHANNEL_TYPES.get(name);
  if (event.type !== (channelType ? 'message' : name)) return false;
  if (channelType && event['channel_type'] !== channelType) return false;
  // Slack leaves it out of what people write; some transports make that an empty text.
  return !filter || (event['subtype'] || undefined) === filter.subtype;
}

function matches(pattern: string | RegExp, name: string): boolean {
  // `search`, unlike `test`, keeps no position in a global pattern.
  return typeof pattern === 'string' ? pattern === name : name.search(pattern) !== -1;
}

function assertHandler(handler: unknown, where: string): asserts handler is (...args: never[]) => unknown {
  if (typeof handler !== 'function') throw new ConfigurationError(`${where}: the handler is not a function`);
}
