import type { Channel, User } from './model.ts';

/** How many generated users and channels to add to the users and channels of the seed. */
export interface CrowdSize {
  /** Number of generated members, named `member-0`, `member-1` and so on; default 0. */
  users?: number;
  /** Number of generated public channels without members, named `channel-0`, `channel-1` and so on; default 0. */
  channels?: number;
}

/**
 * A list of many similar items. Each item is generated when it is accessed, so that a workspace of any size uses almost
 * no memory.
 */
export class Crowd<T> {
  readonly size: number;
  readonly #prefix: string;
  readonly #name: string;
  readonly #make: (id: string, name: string) => T;

  constructor(size: number, kind: { prefix: string; name: string; make: (id: string, name: string) => T }) {
    this.size = size;
    this.#prefix = kind.prefix;
    this.#name = kind.name;
    this.#make = kind.make;
  }

  at(index: number): T {
    return this.#make(`${this.#prefix}${String(index).padStart(8, '0')}`, `${this.#name}-${index}`);
  }

  /** Returns an item by id or name. */
  find(idOrName: string): T | undefined {
    const index = this.indexOf(idOrName);
    return index < 0 ? undefined : this.at(index);
  }

  /** Returns the index of an item, or -1 if there is no item with this id or name. */
  indexOf(idOrName: string): number {
    const [prefix, digits] = idOrName.startsWith(this.#prefix)
      ? [this.#prefix, /^\d{8}$/]
      : [`${this.#name}-`, /^(0|[1-9]\d{0,7})$/];
    const rest = idOrName.slice(prefix.length);
    const index = idOrName.startsWith(prefix) && digits.test(rest) ? Number(rest) : -1;
    return index < this.size ? index : -1;
  }
}

/** Creates members whose ids begin with `UX`. */
export function crowdOfUsers(size: number): Crowd<User> {
  return new Crowd(size, {
    prefix: 'UX',
    name: 'member',
    make: (id, name) => ({
      id,
      name,
      realName: name.replace('member-', 'Member '),
      email: `${name}@example.com`,
      title: '',
      isAway: false,
      isBot: false,
      isAdmin: false,
      deleted: false,
    }),
  });
}

/** Creates public channels whose ids begin with `CX`. */
export function crowdOfChannels(
  size: number,
  { creator, created }: Pick<Channel, 'creator' | 'created'>,
): Crowd<Channel> {
  return new Crowd(size, {
    prefix: 'CX',
    name: 'channel',
    make: (id, name) => ({
      id,
      name,
      type: 'channel',
      creator,
      created,
      isGeneral: false,
      isExtShared: false,
      isArchived: false,
      topic: '',
      purpose: '',
      members: new Set(),
    }),
  });
}
