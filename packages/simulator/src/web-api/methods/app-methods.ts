import type { Method } from '../method.ts';

export const appMethods: Readonly<Record<string, Method>> = {
  'apps.connections.open': {
    tier: 1,
    scopes: [],
    appToken: true,
    acceptsJson: true,
    run(call) {
      return { url: call.openConnection() };
    },
  },
};
