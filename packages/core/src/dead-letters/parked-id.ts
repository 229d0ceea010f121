import type { QueueKey } from '../contract/queue-key.ts';

/** The key and the position of a parked message. */
export interface ParkedPlace {
  readonly position: string;
  readonly key: QueueKey;
}

/** Returns the id of a dead letter in the form `position:key`. The position must not contain a colon. */
export function formatParkedId({ position, key }: ParkedPlace): string {
  return `${position}:${key}`;
}

/** Parses an id that {@link formatParkedId} returned. Returns `undefined` if the id is malformed. */
export function parseParkedId(id: unknown, isPosition: (text: string) => boolean): ParkedPlace | undefined {
  if (typeof id !== 'string') return undefined;
  const separator = id.indexOf(':');
  const position = id.slice(0, separator);
  return separator > 0 && isPosition(position) ? { position, key: id.slice(separator + 1) } : undefined;
}
