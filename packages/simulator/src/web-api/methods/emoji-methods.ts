import type { Method } from '../method.ts';

export const emojiMethods: Readonly<Record<string, Method>> = {
  'emoji.list': {
    tier: 2,
    scopes: ['emoji:read'],
    acceptsJson: false,
    run({ workspace: { emoji, clock } }) {
      return { emoji: Object.fromEntries(emoji), cache_ts: `${clock.seconds()}.000000` };
    },
  },
};
