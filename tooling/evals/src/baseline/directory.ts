import { fixtureSeed } from '../fixture/seed.ts';

/** Stands for the name of a person. */
export const PERSON = 'PERSON';

/** Stands for the name of a user group. */
export const GROUP = 'GROUP';

const { users = [], channels = [], userGroups = [] } = fixtureSeed();
const PEOPLE = users.map(({ name }) => name).join('|');
const CHANNELS = channels.flatMap(({ name }) => name ?? []).join('|');
const GROUPS = userGroups.map(({ handle }) => handle).join('|');

/** What names of the workspace become. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`@(?:${GROUPS})\\b`, 'gi'), GROUP],
  // Names of channels are often usual words: only their place shows that a channel is meant.
  [new RegExp(`(?<=\\b(?:in|to|into|from) (?:the )?)(?:${CHANNELS})(?![\\w-]| \\w+ing\\b)`, 'gi'), '#$&'],
  [new RegExp(`(?<=\\bthe )(?:${CHANNELS})(?= channel)`, 'gi'), '#$&'],
  [new RegExp(`(?<![#@\\w])(?:${PEOPLE})(?:'?s)?(?: Example(?:'s)?)?(?![\\w@])`, 'gi'), PERSON],
];

/** Marks the names of people, groups and channels in a request, as a person who works in the workspace knows them. */
export function withNames(request: string): string {
  return FORMS.reduce((rest, [form, mark]) => rest.replace(form, mark), request);
}
