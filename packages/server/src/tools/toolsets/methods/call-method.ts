import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { z } from 'zod';
import { idempotencyKeyArgument } from '../../arguments/tool-arguments.ts';
import { confirm } from '../../confirm.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import type { ChannelGate } from '../../gates/channel-gate.ts';
import { eachOf, type PassedArguments, passArguments } from '../../gates/method-gate.ts';
import { fittingText } from '../../messages/answer-budget.ts';
import { isObject, nextCursorOf, objectsOf, stringOf } from '../../messages/json-fields.ts';
import { removeInvisible } from '../../messages/readable-text.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';
import { missingScope } from '../../missing-scope.ts';
import type { ToolContext } from '../../tool-context.ts';
import { checkMethodArguments } from './method-arguments.ts';
import { MethodError } from './method-error.ts';
import type { ListedMethod } from './method-table.ts';

const NOTICE = untrustedNotice('Answers');

/** Maximum number of characters of the arguments to show in a question. */
const MOST_SHOWN = 300;

/** The tool `slack_call_method`, which calls any method of the table. */
export const callMethodTool: Tool = defineTool({
  name: 'slack_call_method',
  title: 'Call a Slack method',
  description: 'Call a method that slack_find_method returned. Channels and users may be ids or names.',
  input: () =>
    z.strictObject({
      method: z.string().min(1).max(100),
      arguments: z.record(z.string(), z.unknown()).default({}),
      idempotency_key: idempotencyKeyArgument(),
    }),
  output: () => z.looseObject({}),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
  scopes: [],
  async run({ method: name, arguments: given, idempotency_key: key }, context) {
    // Most servers never need the table of methods.
    const { LISTED_METHODS } = await import('./method-table.ts');
    const method = LISTED_METHODS.get(name.trim());
    if (method === undefined) throw MethodError.unknown(name, LISTED_METHODS.keys());
    const checked = checkMethodArguments(method, given as JsonObject);
    if ('problem' in checked) throw MethodError.ofArguments(method, checked.problem);
    checkScopes(method, context);
    const { posting, signal, ask, logger } = context;
    const channels = context.channelsFor({ writes: method.effect !== 'read' });
    const named = await withUserIds(method, checked.args, context);
    const args = await passArguments(method, named, { channels, allowBroadcast: posting.allowBroadcast, signal });
    if (method.effect === 'destroy') await confirm(ask, async () => questionOf(method, args));
    logger.info(
      { method: method.name, effect: method.effect, ...(posting.caller && { caller: posting.caller }) },
      EVENT,
    );
    const run = async (): Promise<JsonObject> => shown(method, await call(method, args, channels, context));
    if (key === undefined || method.effect === 'read') return run();
    const content = { method: method.name, arguments: args };
    return posting.idempotency.once({ key, caller: posting.caller, content, signal, run });
  },
});

const EVENT = 'slack_method_called';

/** @throws MethodError - the scopes of the token are known, and none of them allows the method */
function checkScopes({ name, scopes, tokens }: ListedMethod, { slack }: ToolContext): void {
  const only = tokens.length === 1 ? tokens[0] : undefined;
  const lacking = missingScope(scopes, slack.grantedScopes(only), only);
  if (lacking !== undefined) throw MethodError.ofScopes(name, lacking);
}

/** Replaces the names of users with ids. */
async function withUserIds(
  { users: inUsers }: ListedMethod,
  args: JsonObject,
  { users, signal }: ToolContext,
): Promise<JsonObject> {
  const result: Record<string, JsonValue> = { ...args };
  for (const argument of inUsers) {
    const value = result[argument];
    const isNamed =
      typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
    if (isNamed) result[argument] = await eachOf(value, (user) => users.resolve(user, { signal }));
  }
  return result;
}

/** Calls the method, and removes the items of channels that may not be read from the answer. */
async function call(
  { name, reach, tokens }: ListedMethod,
  args: PassedArguments,
  channels: ChannelGate,
  { slack, signal }: ToolContext,
): Promise<JsonObject> {
  const [list, id] = reach.split('.');
  if (list === undefined || id === undefined) return slack.callPassed(name, args, { seals: false, signal, as: tokens });
  let rest: JsonObject = {};
  const { items, withheld } = await channels.readable(
    await slack.callPassed(name, args, { seals: true, signal, as: tokens }),
    (opened) => {
      const { [list]: all, ...others } = opened;
      rest = others;
      return objectsOf(all);
    },
    (item) => stringOf(item[id]) || undefined,
    { signal },
  );
  return {
    ...rest,
    [list]: items.map(({ item }) => item),
    ...(withheld > 0 && { withheld: `${withheld} items belong to channels that may not be read.` }),
  };
}

/** Returns the answer without fields for programs, and cut off if it is too long for a model. */
function shown({ name, effect }: ListedMethod, answer: JsonObject): JsonObject {
  const { ok: _ok, response_metadata: _metadata, ...content } = answer;
  const cursor = nextCursorOf(answer);
  const head = { notice: NOTICE, method: name, effect, ...(cursor !== '' && { next_cursor: cursor }) };
  const text = JSON.stringify(content);
  const fitting = fittingText(text);
  if (fitting === text) return { ...head, answer: content };
  return { ...head, truncated: 'Use a smaller limit or a cursor. The answer as JSON, cut off:', answer_text: fitting };
}

/** Returns the question that asks a person to confirm a call, with the method and the arguments of the call. */
function questionOf({ name, summary }: ListedMethod, args: JsonObject): string {
  const text = removeInvisible(JSON.stringify(args)).slice(0, MOST_SHOWN).toWellFormed();
  return `${summary} (${name})? ${isObject(args) ? text : ''}`;
}
