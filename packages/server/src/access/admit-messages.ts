import type { CallerQuotas } from './caller-quotas.ts';
import { ACTING_METHODS } from './message-check.ts';
import { type Refusal, tooMany } from './refusal.ts';
import type { RequestLease } from './request-lease.ts';

type Message = { readonly method?: unknown; readonly id?: unknown } | null | undefined;

/**
 * Counts the messages in a body against the caller's quotas and rates.
 *
 * @param lease - holds the counted amounts until the request ends
 * @returns the reason the body is refused; undefined if the body is accepted
 */
export function admitMessages(
  body: unknown,
  { caller, quotas, lease }: { caller: string | undefined; quotas: CallerQuotas; lease: RequestLease },
): Refusal | undefined {
  const messages = [body].flat() as readonly Message[];
  const isStream = messages.some((message) => message?.method === 'subscriptions/listen');
  const [quota, kind] = isStream ? ([quotas.streams, 'streams'] as const) : ([quotas.calls, 'requests'] as const);
  const asked = messages.filter((message) => message?.method !== undefined && message.id !== undefined).length;
  const amount = isStream ? messages.length : asked;
  if (amount > 0) {
    const giveBack = quota.take(caller, amount);
    if (giveBack === undefined) return tooMany(`Too many ${kind} are open, for this caller or in total.`, 1);
    lease.add(giveBack);
  }
  return caller === undefined ? undefined : tooOften(messages, caller, quotas);
}

function tooOften(messages: readonly Message[], caller: string, quotas: CallerQuotas): Refusal | undefined {
  const wait = quotas.messages?.take(caller, messages.length) ?? 0;
  if (wait > 0) return tooMany('This caller sends too many messages.', wait);
  const acting = messages.filter((message) => ACTING_METHODS.has(message?.method)).length;
  if (acting === 0 || quotas.slackCalls === undefined) return undefined;
  const pause = quotas.slackCalls.take(caller, acting);
  if (pause === 0) return undefined;
  const { burst } = quotas.slackCalls;
  return tooMany(`This caller calls Slack too often: at most ${burst} calls at once, then at a steady rate.`, pause);
}
