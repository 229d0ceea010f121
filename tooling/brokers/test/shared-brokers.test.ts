import { expect, test } from 'vitest';
import { leaseBroker, shareBrokers } from '../src/shared-brokers.ts';
import { describeWithOwnBroker } from '../src/vitest.ts';

describeWithOwnBroker(
  'shared brokers',
  async () => {
    const shared = await shareBrokers();
    const lease = (...args: string[]) => leaseBroker(shared.port, 'redis', { args });
    const [first, second, other] = await Promise.all([lease(), lease(), lease('--maxclients', '100')]);
    return { first, second, other, dispose: () => shared.close() };
  },
  ({ first, second, other }) => {
    test('are shared by requests with the same settings', () => {
      expect(second.url).toBe(first.url);
      expect(other.url).not.toBe(first.url);
    });
  },
);
