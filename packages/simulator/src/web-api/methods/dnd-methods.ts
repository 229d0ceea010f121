import type { JsonObject } from '../../json.ts';
import { refuse } from '../../slack-api-error.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';

/** The answer for a person without a schedule for Do Not Disturb. No person of the workspace has a schedule. */
const NO_SCHEDULE = { dnd_enabled: false, next_dnd_start_ts: 1, next_dnd_end_ts: 1 };

/** Methods for Do Not Disturb. Slack documents them at https://docs.slack.dev/reference/methods. */
export const dndMethods: Readonly<Record<string, Method>> = {
  'dnd.info': {
    tier: 3,
    scopes: ['dnd:read'],
    acceptsJson: false,
    run(call) {
      const user = call.text('user') ?? call.caller;
      if (call.workspace.findUser(user)?.id !== user) refuse('user_not_found');
      // Documented: only the person sees the details of a pause.
      return { ...NO_SCHEDULE, ...(user === call.caller ? snoozeOf(call) : {}) };
    },
  },
  'dnd.teamInfo': {
    tier: 2,
    scopes: ['dnd:read'],
    acceptsJson: false,
    run(call) {
      const users = (call.text('users') ?? refuse('no_users_provided')).split(',').map((id) => id.trim());
      const known = users.filter((id) => call.workspace.findUser(id)?.id === id);
      return { users: Object.fromEntries(known.map((id) => [id, NO_SCHEDULE])) };
    },
  },
  'dnd.setSnooze': writing((call) => {
    const minutes = Number(call.text('num_minutes') ?? refuse('missing_duration'));
    if (!Number.isInteger(minutes) || minutes < 1) refuse('snooze_failed');
    const { clock, personal } = call.workspace;
    personal.snoozedUntil.set(call.caller, clock.seconds() + minutes * 60);
    return snoozeOf(call);
  }),
  'dnd.endSnooze': writing((call) => {
    call.workspace.personal.snoozedUntil.delete(call.caller);
    return { ...NO_SCHEDULE, snooze_enabled: false };
  }),
  'dnd.endDnd': writing((call) => {
    if (snoozeOf(call)['snooze_enabled'] !== true) refuse('not_in_dnd');
    call.workspace.personal.snoozedUntil.delete(call.caller);
    return {};
  }),
};

function writing(run: Method['run']): Method {
  return { tier: 2, scopes: ['dnd:write'], tokens: ['user'], acceptsJson: true, run };
}

function snoozeOf({ workspace, caller }: Call): JsonObject {
  const until = workspace.personal.snoozedUntil.get(caller) ?? 0;
  const left = until - workspace.clock.seconds();
  if (left <= 0) return { snooze_enabled: false };
  return { snooze_enabled: true, snooze_endtime: until, snooze_remaining: left, snooze_is_indefinite: false };
}
