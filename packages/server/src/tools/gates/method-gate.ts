import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { channelReferenceIn } from '../arguments/tool-arguments.ts';
import type { ChannelGate } from './channel-gate.ts';
import { neutraliseBroadcastsIn } from './neutralise-broadcasts.ts';

/** Which channels a call of a method can reach. */
export interface MethodReach {
  /** The name of the method, for example `pins.add`. */
  readonly name: string;
  /** `read` changes nothing, `write` adds or changes something, and `destroy` removes or replaces something. */
  readonly effect: 'read' | 'write' | 'destroy';
  /**
   * `arguments`: only the channels in its arguments. `direct`: also the direct messages with the users in its arguments.
   * `anywhere`: any channel, for example through the id of a file. Any other value names a list in the answer, such as
   * `items.channel`: the property with the items, and the property of an item with the id of its channel.
   */
  readonly reach: string;
  /** The names of the arguments that take a channel id or a list of channel ids. */
  readonly channels: readonly string[];
  readonly users: readonly string[];
}

declare const passed: unique symbol;

/** Arguments for a method, with channels that passed the gate. Only {@link passArguments} creates them. */
export type PassedArguments = JsonObject & { readonly [passed]: true };

/** Methods with which Slack itself opens the direct messages with a user who is given as the channel. */
const OPENS_DIRECT_MESSAGES: ReadonlySet<string> = new Set(['chat.postMessage', 'chat.scheduleMessage']);

/** Methods that show previews of links by default. For a preview, Slack fetches the URL of the link. */
const SHOWS_PREVIEWS: ReadonlySet<string> = new Set(['chat.postMessage', 'chat.scheduleMessage']);

/** Options of {@link passArguments}. */
export interface PassOptions {
  /** The gate for the effect of the method. */
  readonly channels: ChannelGate;
  /** Whether `@channel`, `@here` and `@everyone` notify people. */
  readonly allowBroadcast: boolean;
  readonly signal: AbortSignal;
}

/**
 * Replaces the names of channels in the arguments with ids, and refuses the call if it can reach a channel that the
 * rules deny. Disables mentions of whole channels and previews of links.
 *
 * @param args - arguments that match the schema of the method
 * @throws NotAllowedError - the call could reach a channel that may not be used
 * @throws NameError - no channel or several channels have a given name
 * @throws SlackError - Slack does not return the channel data that the rules need
 */
export async function passArguments(
  { name, effect, reach, channels: inChannels, users }: MethodReach,
  args: JsonObject,
  { channels, allowBroadcast, signal }: PassOptions,
): Promise<PassedArguments> {
  if (reach === 'anywhere') channels.passAnywhere();
  const result: Record<string, JsonValue> = { ...args };
  const resolve = (reference: string): Promise<string> =>
    channels.resolve(channelReferenceIn(reference), { signal, opens: OPENS_DIRECT_MESSAGES.has(name) });
  for (const argument of inChannels) {
    const value = result[argument];
    if (value !== undefined) result[argument] = await eachOf(value, resolve);
  }
  if (reach === 'direct') {
    const pass = (user: string): Promise<string> => channels.resolve(user, { signal, opens: true });
    for (const argument of users) {
      const value = result[argument];
      if (value !== undefined) await eachOf(value, pass);
    }
  }
  if (effect !== 'read' && !allowBroadcast) {
    for (const [argument, value] of Object.entries(result)) result[argument] = neutraliseBroadcastsIn(value);
  }
  if (SHOWS_PREVIEWS.has(name)) Object.assign(result, { unfurl_links: false, unfurl_media: false });
  return result as PassedArguments;
}

/**
 * Replaces a reference, or every reference in a list. A list is an array or a comma-separated text.
 *
 * @throws the error of `replace`
 */
export async function eachOf(value: JsonValue, replace: (reference: string) => Promise<string>): Promise<JsonValue> {
  const references = Array.isArray(value) ? value : String(value).split(',');
  const replaced: string[] = [];
  for (const reference of references) {
    const text = typeof reference === 'string' ? reference.trim() : '';
    // An empty reference stays empty: Slack describes what is wrong.
    replaced.push(text === '' ? '' : await replace(text));
  }
  return Array.isArray(value) ? replaced : replaced.join(',');
}
