import { ConfigurationError, nearestName } from '@slack-mcp/core';
import type { SlackAction, SlackOptionsRequest, SlackShortcut, SlackView, SlashCommand } from '@slack-mcp/slack';
import { EVENT_NAMES } from './event-names.ts';
import type { EventMap, EventName } from './event-types.ts';
import type { HandlerContext, InteractionContext } from './handler-context.ts';

type Pascal<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Capitalize<Head>}${Pascal<Tail>}`
  : S extends `${infer Head}.${infer Tail}`
    ? `${Capitalize<Head>}${Pascal<Tail>}`
    : Capitalize<S>;

type EventMethods = {
  [N in EventName as `on${Pascal<N>}`]?: (event: EventMap[N], context: HandlerContext) => unknown;
};

/**
 * Handlers as an object or class with methods named after events (`onAppMention`, `onReactionAdded`, `onMessage`,
 * `onMessageChannels`) or after kinds of interactions with any id (`onAction`, `onView`). `class Bot implements
 * SlackHandlers` checks names and parameters.
 */
export interface SlackHandlers extends EventMethods {
  /** Runs for every slash command. */
  onCommand?(command: SlashCommand, context: HandlerContext): unknown;
  /** Runs for every action, regardless of its id. */
  onAction?(action: SlackAction, context: InteractionContext): unknown;
  /** Runs for every submitted modal. */
  onView?(view: SlackView, context: InteractionContext): unknown;
  /** Runs for every closed modal. */
  onViewClosed?(view: SlackView, context: InteractionContext): unknown;
  /** Runs for every shortcut. */
  onShortcut?(shortcut: SlackShortcut, context: InteractionContext): unknown;
  /** Runs for every request for the options of a menu. */
  onOptions?(request: SlackOptionsRequest, context: InteractionContext): unknown;
  /** Runs for everything. */
  onAny?(context: HandlerContext): unknown;
  /** Runs if no handler except `onAny` matches. */
  onUnknown?(context: HandlerContext): unknown;
}

/** Rejects at compile time methods that are named like handlers of unknown events, for example `onAppMentoin`. */
export type OnlyHandlers<H> = {
  [K in keyof H as K extends keyof SlackHandlers ? never : K extends `on${Capitalize<string>}` ? K : never]: never;
};

/** A method of a handlers object and the name it handles: an event, `command`, `view_closed`, `any`, … */
export interface HandlerMethod {
  readonly name: string;
  readonly method: string;
  /** Whether the event or kind of interaction is known. */
  readonly known: boolean;
  readonly call: (...args: never[]) => unknown;
}

const METHOD = /^on[A-Z]/;
const ALIAS = /^message_(channels|groups|im|mpim|app_home)$/;

const INTERACTIONS: readonly string[] = [
  'command',
  'action',
  'view',
  'view_closed',
  'shortcut',
  'options',
  'any',
  'unknown',
];
const KNOWN: ReadonlySet<string> = new Set([...EVENT_NAMES, ...INTERACTIONS].map(methodName));

/**
 * Returns the handlers of an object and of its classes (base classes first), each bound to the object.
 *
 * @throws ConfigurationError - a handler is not a function, or the name of a method is a misspelled event
 */
export function handlerMethods(handlers: object): HandlerMethod[] {
  const names = new Set<string>();
  for (let owner: object | null = handlers; owner && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    for (const name of Object.getOwnPropertyNames(owner).reverse()) names.add(name);
  }
  return [...names]
    .reverse()
    .filter((method) => METHOD.test(method))
    .flatMap((method) => toHandler(handlers as Record<string, unknown>, method));
}

function toHandler(handlers: Readonly<Record<string, unknown>>, method: string): HandlerMethod[] {
  const call = handlers[method];
  const known = KNOWN.has(method);
  if (typeof call !== 'function') {
    if (call !== undefined && known)
      throw new ConfigurationError(`handlers.${method}: not a function; write it as a method`);
    return [];
  }
  const name = eventName(method);
  const meant = known ? undefined : nearestName(method, [...KNOWN]);
  if (meant !== undefined) {
    throw new ConfigurationError(
      `handlers.${method}: there is no such event; did you mean ${meant}? For a custom event, use on('${name}', …)`,
    );
  }
  return [{ name, method, known, call: call.bind(handlers) }];
}

function methodName(name: string): string {
  return `on_${name}`.replace(/[_.](.)/g, (_match, letter: string) => letter.toUpperCase());
}

function eventName(method: string): string {
  return method
    .slice('on'.length)
    .replace(/(?<!^)[A-Z]/g, '_$&')
    .toLowerCase()
    .replace(ALIAS, 'message.$1');
}
