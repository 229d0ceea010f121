import { compact, type JsonObject } from '../../json.ts';
import { refuse } from '../../slack-api-error.ts';
import type { RegisteredCall } from '../../workspace/calls.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';

/** Methods for calls in other services. Slack documents them at https://docs.slack.dev/reference/methods. */
export const callMethods: Readonly<Record<string, Method>> = {
  'calls.add': writing((call) => {
    const { workspace, actor, caller } = call;
    // Documented: created_by is optional only for the token of a user.
    const creator = call.text('created_by') ?? (actor.kind === 'user' ? caller : refuse('invalid_created_by'));
    if (workspace.findUser(creator)?.id !== creator) refuse('invalid_created_by');
    const start = Number(call.text('date_start') ?? workspace.clock.seconds());
    if (!Number.isInteger(start) || start < 0) refuse('invalid_start_time');
    const registered: RegisteredCall = {
      id: workspace.newId('R'),
      external_unique_id: call.requiredText('external_unique_id'),
      external_display_id: call.text('external_display_id'),
      date_start: start,
      join_url: call.requiredText('join_url'),
      desktop_app_join_url: call.text('desktop_app_join_url'),
      title: call.text('title'),
      users: participantsOf(call) ?? [],
      hasEnded: false,
    };
    workspace.calls.set(registered.id, registered);
    return { call: rendered(registered) };
  }),
  'calls.info': {
    tier: 3,
    scopes: ['calls:read'],
    acceptsJson: false,
    run: (call) => ({ call: rendered(registeredCall(call)) }),
  },
  'calls.update': writing((call) => {
    const registered = registeredCall(call);
    registered.title = call.text('title') ?? registered.title;
    registered.join_url = call.text('join_url') ?? registered.join_url;
    registered.desktop_app_join_url = call.text('desktop_app_join_url') ?? registered.desktop_app_join_url;
    return { call: rendered(registered) };
  }),
  'calls.end': writing((call) => {
    activeCall(call).hasEnded = true;
    return {};
  }),
  'calls.participants.add': writing((call) => {
    const registered = activeCall(call);
    const added = participantsOf(call) ?? refuse('missing_argument');
    if (added.some((user) => isAmong(registered.users, user))) refuse('bad_users');
    registered.users.push(...added);
    return {};
  }),
  'calls.participants.remove': writing((call) => {
    const registered = activeCall(call);
    const removed = participantsOf(call) ?? refuse('missing_argument');
    if (!removed.every((user) => isAmong(registered.users, user))) refuse('bad_users');
    registered.users = registered.users.filter((user) => !isAmong(removed, user));
    return {};
  }),
};

function writing(run: Method['run']): Method {
  return { tier: 3, scopes: ['calls:write'], acceptsJson: true, run };
}

function registeredCall(call: Call): RegisteredCall {
  return call.workspace.calls.get(call.text('id') ?? refuse('missing_argument')) ?? refuse('invalid_call_id');
}

function activeCall(call: Call): RegisteredCall {
  const registered = registeredCall(call);
  return registered.hasEnded ? refuse('inactive_call') : registered;
}

function participantsOf(call: Call): JsonObject[] | undefined {
  const users = call.jsonList('users', 'invalid_arguments');
  for (const { slack_id } of users ?? []) {
    if (typeof slack_id === 'string' && call.workspace.findUser(slack_id)?.id !== slack_id) refuse('user_not_found');
  }
  return users;
}

/** Whether a list contains a participant, by `slack_id` or by `external_id`. */
function isAmong(users: readonly JsonObject[], { slack_id, external_id }: JsonObject): boolean {
  return users.some((user) => (slack_id === undefined ? user.external_id === external_id : user.slack_id === slack_id));
}

function rendered({ hasEnded: _hasEnded, ...shown }: RegisteredCall): JsonObject {
  return structuredClone(compact(shown));
}
