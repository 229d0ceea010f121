import { ConfigurationError, type Logger, silentLogger } from '@slack-mcp/core';
import {
  type AnyEvent,
  type Incoming,
  readPayload,
  type SlackAction,
  type SlackOptionsRequest,
  type SlackShortcut,
  type SlackView,
  type SlashCommand,
} from '@slack-mcp/slack';
import { meantEvent } from './event-names.ts';
import type { EventName, EventOf, MessageAliases, MessageName, MessageOf, MessageSubtype } from './event-types.ts';
import type { HandlerContext, InteractionContext } from './handler-context.ts';
import { handlerMethods, type OnlyHandlers, type SlackHandlers } from './handlers.ts';
import { OwnBot } from './own-bot.ts';

/** Handles one kind of event. If the handler throws, the message is delivered again. */
export type EventHandler<E> = (event: E, context: HandlerContext) => unknown;

/** Handles any message. */
export type ContextHandler = (context: HandlerContext) => unknown;

/** Handles a slash command. */
export type CommandHandler = (command: SlashCommand, context: HandlerContext) => unknown;

/** Handles one action of an interaction. */
export type ActionHandler = (action: SlackAction, context: InteractionContext) => unknown;

/** Handles a modal that was submitted or closed. */
export type ViewHandler = (view: SlackView, context: InteractionContext) => unknown;

/** Handles a global shortcut or a message shortcut. */
export type ShortcutHandler = (shortcut: SlackShortcut, context: InteractionContext) => unknown;

/** Handles a request for the options of a menu. */
export type OptionsHandler = (request: SlackOptionsRequest, context: InteractionContext) => unknown;

/** Selects submitted (default) or closed views. */
export interface ViewFilter {
  readonly closed: boolean;
}

/**
 * Selects the messages to handle. By default, `on('message', …)` skips the app's own messages and changes that leave
 * the text unchanged, because a handler that answers these messages would also answer itself.
 */
export interface MessageFilter<S extends MessageSubtype = MessageSubtype> {
  /**
   * Selects messages with this subtype; an explicit `undefined` selects messages without a subtype. If absent, messages
   * of all subtypes are selected.
   */
  readonly subtype?: S;
  /** Whether to include the app's own messages. Default false. */
  readonly own?: boolean;
  /** Whether to include changes that leave the text unchanged: a reply, a link preview, a pin. Default false. */
  readonly touched?: boolean;
}

type Run = () => unknown;

/** A registered handler and the payloads it matches. */
interface Route {
  readonly match: (incoming: Incoming, context: HandlerContext) => readonly Run[];
  /** True for a route that matches every payload. If only such routes match, the message counts as unmatched. */
  readonly catchAll?: true;
}

const CHANNEL_TYPES: ReadonlyMap<string, string> = new Map<keyof MessageAliases, string>([
  ['message.channels', 'channel'],
  ['message.groups', 'group'],
  ['message.im', 'im'],
  ['message.mpim', 'mpim'],
  ['message.app_home', 'app_home'],
]);

const EVERY_ID = /^/;

/** Maps payloads to handlers. All matching handlers run, one after the other, in the order they were added. */
export class Router {
  readonly #routes: Route[] = [];
  readonly #unknown: ContextHandler[] = [];
  readonly #logger: Logger;
  readonly #ownBot = new OwnBot();

  /**
   * @param logger - receives warnings about handlers whose name is probably misspelled
   */
  constructor(logger: Logger = silentLogger) {
    this.#logger = logger;
  }

  /** Handles events of a type, or messages of a subscription name such as `message.channels`. */
  on<N extends EventName>(name: N, handler: EventHandler<EventOf<N>>): this;
  /** Handles messages with one subtype. */
  on<N extends MessageName, S extends MessageSubtype>(
    name: N,
    filter: MessageFilter<S> & { readonly subtype: S },
    handler: EventHandler<MessageOf<N, S>>,
  ): this;
  /**
   * Handles messages selected by `filter`, which can include the app's own messages and messages that were only
   * touched.
   */
  on<N extends MessageName>(name: N, filter: Omit<MessageFilter, 'subtype'>, handler: EventHandler<EventOf<N>>): this;
  on(name: string, ...rest: [EventHandler<never>] | [MessageFilter, EventHandler<never>]): this {
    const handler = rest[rest.length - 1];
    const filter = rest.length === 2 ? rest[0] : undefined;
    if (typeof name !== 'string')
      throw new ConfigurationError(
        "on: the first argument must be the name of an event (for example on('app_mention', …))",
      );
    assertHandler(handler, `on('${name}')`);
    const meant = meantEvent(name);
    if (meant !== undefined) this.#logger.warn({ event: name, meant }, 'handler_name_unknown');
    return this.#add((incoming, context) => {
      if (incoming.kind !== 'event' || !matchesEvent(incoming.event, name, filter)) return [];
      const run = (): unknown => handler(incoming.event as never, context);
      return [incoming.event.type === 'message' ? () => this.#unlessPassedOver(context, filter, run) : run];
    });
  }

  /** Handles a slash command by name, for example `/deploy`. */
  command(name: string | RegExp, handler: CommandHandler): this {
    assertHandler(handler, `command('${name}')`);
    return this.#add((incoming, context) =>
      incoming.kind === 'command' && matches(name, incoming.name) ? [() => handler(incoming.command, context)] : [],
    );
  }

  /**
   * Handles actions by `action_id`, or by `callback_id` if they come from attachments. Also handles dialogs (the
   * predecessors of modals) by `callback_id`, with `dialog_submission` or `dialog_cancellation` as `action.type`.
   */
  action(id: string | RegExp, handler: ActionHandler): this {
    assertHandler(handler, `action('${id}')`);
    return this.#add((incoming, context) =>
      incoming.kind === 'action'
        ? incoming.actions
            .filter((it) => matches(id, it.id))
            .map((it) => () => handler(it.action, context as InteractionContext))
        : [],
    );
  }

  /**
   * Handles the submission of a modal by its `callback_id`. The handler cannot determine what the user sees next,
   * because Slack expects that in the HTTP response.
   */
  view(id: string | RegExp, handler: ViewHandler): this;
  /**
   * With `{ closed: true }`, handles the closing of a modal. Slack reports the closing only if the modal sets
   * `notify_on_close`.
   */
  view(id: string | RegExp, filter: ViewFilter, handler: ViewHandler): this;
  view(id: string | RegExp, ...rest: [ViewHandler] | [ViewFilter, ViewHandler]): this {
    const handler = rest[rest.length - 1];
    const { closed } = rest.length === 2 ? rest[0] : { closed: false };
    assertHandler(handler, `view('${id}')`);
    return this.#add((incoming, context) =>
      incoming.kind === 'view' && incoming.closed === closed && matches(id, incoming.id)
        ? [() => handler(incoming.view, context as InteractionContext)]
        : [],
    );
  }

  /** Handles message shortcuts and global shortcuts by `callback_id`. `shortcut.type` says which of the two it is. */
  shortcut(id: string | RegExp, handler: ShortcutHandler): this {
    assertHandler(handler, `shortcut('${id}')`);
    return this.#add((incoming, context) =>
      incoming.kind === 'shortcut' && matches(id, incoming.id)
        ? [() => handler(incoming.shortcut, context as InteractionContext)]
        : [],
    );
  }

  /**
   * Handles requests for the options of a menu by `action_id`, or by `callback_id` for attachments and dialogs. The
   * handler can only observe the request, because Slack expects the options in the HTTP response.
   */
  options(id: string | RegExp, handler: OptionsHandler): this {
    assertHandler(handler, `options('${id}')`);
    return this.#add((incoming, context) =>
      incoming.kind === 'options' && matches(id, incoming.id)
        ? [() => handler(incoming.request, context as InteractionContext)]
        : [],
    );
  }

  /** Handles everything. */
  any(handler: ContextHandler): this {
    assertHandler(handler, 'any()');
    this.#routes.push({ match: (_incoming, context) => [() => handler(context)], catchAll: true });
    return this;
  }

  /**
   * Handles messages that no handler except `any` matches. Messages that no handler matches are acknowledged even
   * without an `unknown` handler.
   */
  unknown(handler: ContextHandler): this {
    assertHandler(handler, 'unknown()');
    this.#unknown.push(handler);
    return this;
  }

  /**
   * Adds the methods of an object or class that are named after what they handle, for example `onAppMention`,
   * `onMessageChannels`, `onCommand` and `onAny`.
   *
   * @throws ConfigurationError - no method is named after an event, or a method name is misspelled
   */
  use<H extends SlackHandlers>(handlers: H & OnlyHandlers<H>): this {
    const methods = handlerMethods(handlers);
    if (methods.length === 0) {
      throw new ConfigurationError('handlers: no method is named after an event: add one, for example onAppMention');
    }
    for (const { name, method, known } of methods) {
      // The application may have an event with this name.
      if (!known) this.#logger.warn({ method, event: name }, 'handler_name_unknown');
    }
    for (const { name, call } of methods) this.#use(name, call as (...args: unknown[]) => unknown);
    return this;
  }

  /** Runs the matching handlers. Rejects with the error of the first handler that fails; later handlers do not run. */
  async dispatch(context: HandlerContext): Promise<void> {
    const incoming = readPayload(context.envelope);
    let known = false;
    for (const { match, catchAll } of this.#routes) {
      const runs = match(incoming, context);
      known ||= runs.length > 0 && !catchAll;
      for (const run of runs) await run();
    }
    if (known) return;
    context.logger.info('event_unmatched');
    for (const handler of this.#unknown) await handler(context);
  }

  #use(name: string, call: (...args: unknown[]) => unknown): this {
    switch (name) {
      case 'any':
      case 'unknown':
        return this[name](call);
      case 'command':
      case 'action':
      case 'view':
      case 'shortcut':
      case 'options':
        return this[name](EVERY_ID, call);
      case 'view_closed':
        return this.view(EVERY_ID, { closed: true }, call);
      default:
        return this.on(name as EventName, call);
    }
  }

  /**
   * Runs the handler unless the filter skips the message. A handler that answers the app's own messages, or the changes
   * that its answers cause, would never stop.
   */
  async #unlessPassedOver(context: HandlerContext, filter: MessageFilter | undefined, run: Run): Promise<void> {
    const { message, logger } = context;
    const isTouched = !filter?.touched && message?.change === 'touched';
    if (isTouched || (!filter?.own && (await this.#ownBot.wrote(context)))) {
      logger.debug({ author: message?.author, change: message?.change }, 'event_ignored');
    } else await run();
  }

  #add(match: Route['match']): this {
    this.#routes.push({ match });
    return this;
  }
}

function matchesEvent(event: AnyEvent, name: string, filter: MessageFilter | undefined): boolean {
  const channelType = CHANNEL_TYPES.get(name);
  if (event.type !== (channelType ? 'message' : name)) return false;
  if (channelType && event['channel_type'] !== channelType) return false;
  // Slack omits the subtype of messages from people; some transports turn that into an empty string.
  return !filter || !('subtype' in filter) || (event['subtype'] || undefined) === filter.subtype;
}

function matches(pattern: string | RegExp, name: string): boolean {
  // Unlike `test`, `search` keeps no position in a global pattern.
  return typeof pattern === 'string' ? pattern === name : name.search(pattern) !== -1;
}

function assertHandler(handler: unknown, where: string): asserts handler is (...args: never[]) => unknown {
  if (typeof handler !== 'function')
    throw new ConfigurationError(`${where}: the handler is not a function; pass a function`);
}
