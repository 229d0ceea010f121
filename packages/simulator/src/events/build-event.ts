import type { GenericMessageEvent, MessageEvent, SlackEvent } from '@slack/types';
import type { JsonObject } from '../json.ts';
import { eventDefaults } from './event-defaults.ts';
import type { EventType } from './event-type.ts';

/** The type of the events with a given `type` field. */
export type EventOf<T extends EventType> = Extract<SlackEvent, { type: T }>;

type PartialOf<E> = E extends unknown ? Partial<E> : never;

/**
 * The type of the event that `buildEvent` returns for a type and fields. For a message, the subtype narrows the type
 * further.
 */
export type BuiltEvent<T extends EventType, F> = T extends 'message'
  ? F extends { subtype: infer S extends string }
    ? Extract<MessageEvent, { subtype: S }>
    : GenericMessageEvent
  : EventOf<T>;

/**
 * Builds the inner event of a type, with a sensible value in every required field; `fields` overrides these values. For
 * an unknown type, returns the given fields with `type` and `event_ts`.
 */
export function buildEvent<T extends EventType, const F extends PartialOf<EventOf<T>> = PartialOf<EventOf<T>>>(
  type: T,
  fields?: F,
): BuiltEvent<T, F>;
export function buildEvent<const T extends string>(
  type: T & (T extends EventType ? never : unknown),
  fields?: JsonObject,
): JsonObject & { type: T };
export function buildEvent(type: string, given: object = {}): unknown {
  const fields = given as JsonObject;
  const now = Date.now();
  const ts = `${Math.floor(now / 1000)}.${String((now % 1000) * 1000).padStart(6, '0')}`;
  return { type, ...eventDefaults(type, fields, ts), event_ts: ts, ...fields };
}
