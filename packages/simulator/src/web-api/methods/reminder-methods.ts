import type { JsonObject } from '../../json.ts';
import { refuse } from '../../slack-api-error.ts';
import type { Reminder } from '../../workspace/personal-items.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';

const DAY_S = 86_400;

/** Maximum number of seconds until a reminder, as Slack documents it: five years. */
const LATEST_S = 5 * 366 * DAY_S;

/** Methods for the reminders of the person. Slack documents them at https://docs.slack.dev/reference/methods. */
export const reminderMethods: Readonly<Record<string, Method>> = {
  'reminders.add': method('reminders:write', (call) => {
    const { workspace, caller } = call;
    const text = call.text('text') ?? refuse('missing_argument');
    const reminder: Reminder = {
      id: workspace.newId('Rm'),
      creator: caller,
      user: caller,
      text,
      time: timeOf(call),
      completed: 0,
    };
    workspace.personal.reminders.push(reminder);
    return { reminder: render(reminder) };
  }),
  'reminders.list': reading((call) => {
    const own = call.workspace.personal.reminders.filter(({ user }) => user === call.caller);
    return { reminders: own.map(render) };
  }),
  'reminders.info': reading((call) => ({ reminder: render(reminderOf(call)) })),
  'reminders.complete': method('reminders:write', (call) => {
    reminderOf(call).completed = call.workspace.clock.seconds();
    return {};
  }),
  'reminders.delete': method('reminders:write', (call) => {
    const { reminders } = call.workspace.personal;
    reminders.splice(reminders.indexOf(reminderOf(call)), 1);
    return {};
  }),
};

function method(scope: string, run: Method['run']): Method {
  return { tier: 2, scopes: [scope], tokens: ['user'], acceptsJson: true, run };
}

function reading(run: Method['run']): Method {
  return { ...method('reminders:read', run), acceptsJson: false };
}

function reminderOf(call: Call): Reminder {
  const asked = call.text('reminder') ?? refuse('missing_argument');
  const found = call.workspace.personal.reminders.find(({ id, user }) => id === asked && user === call.caller);
  return found ?? refuse('not_found');
}

/**
 * Returns the time of a reminder. The argument `time` is a Unix time, a number of seconds within a day, or words such
 * as "in 5 minutes".
 */
function timeOf(call: Call): number {
  const text = call.text('time') ?? refuse('missing_argument');
  const now = call.workspace.clock.seconds();
  if (/^\d+$/.test(text)) {
    const seconds = Number(text);
    if (seconds <= DAY_S) return now + seconds;
    return seconds > now && seconds <= now + LATEST_S ? seconds : refuse('cannot_parse');
  }
  const [, count, unit = ''] = /^in (\d+) (minute|hour|day)s?$/i.exec(text.trim()) ?? [];
  if (count === undefined) return refuse('cannot_parse');
  return now + Number(count) * { minute: 60, hour: 3_600, day: DAY_S }[unit.toLowerCase() as 'minute'];
}

function render({ completed, ...rest }: Reminder): JsonObject {
  return { ...rest, recurring: false, complete_ts: completed };
}
