/** A reminder of a person. */
export interface Reminder {
  readonly id: string;
  readonly creator: string;
  readonly user: string;
  readonly text: string;
  /** The time of the reminder, in seconds since the epoch. */
  readonly time: number;
  /** The time at which the reminder was completed, in seconds since the epoch; 0 if it is not completed. */
  completed: number;
}

/** A message or a file that a person saved. */
export interface Star {
  readonly user: string;
  readonly created: number;
  readonly channel: string | undefined;
  readonly ts: string | undefined;
  readonly file: string | undefined;
}

/** Data that only one person sees: reminders, saved items, and the pauses of notifications. */
export class PersonalItems {
  readonly reminders: Reminder[] = [];
  readonly stars: Star[] = [];
  /** The time at which the pause ends, in seconds since the epoch, by user id. */
  readonly snoozedUntil: Map<string, number> = new Map();
}
