import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignBroker } from './adapter.ts';
import type { Crew } from './crew.ts';
import { isStall, type ScheduledFault } from './schedule.ts';

/** Milliseconds by which the network delays each byte. */
const DELAY_MS = 60;

/**
 * Causes a fault. Resolves when it is over: the broker is up, every byte passes, and killed processes are restarted.
 *
 * @param busy - publishes messages for a while, for a fault that must end while messages are in flight
 */
export async function injectFault(
  { kind, durationMs, target = 0, group = 0 }: ScheduledFault,
  { broker, proxy }: Pick<CampaignBroker, 'broker' | 'proxy'>,
  crew: Crew,
  busy: () => Promise<void>,
): Promise<void> {
  switch (kind) {
    case 'broker-kill':
      await broker.kill();
      await sleep(durationMs);
      return broker.restart();
    case 'broker-restart':
      await broker.stop();
      await sleep(durationMs);
      return broker.restart();
    case 'connections-closed':
      return broker.closeConnections();
    case 'network-blackhole':
      proxy.blackhole();
      break;
    case 'network-delay':
      proxy.delay(DELAY_MS);
      break;
    case 'network-drop-replies':
      proxy.drop('to-client');
      break;
    case 'network-reset':
      return proxy.reset();
    case 'network-stall-replies':
      proxy.stall('to-client');
      break;
    case 'network-stall-requests':
      proxy.stall('to-broker');
      break;
    case 'worker-kill':
      return crew.killWorker(target);
    case 'member-join':
      return crew.addWorker(target, group);
    case 'member-leave':
      return crew.retireWorker(target);
    case 'publisher-kill':
      return crew.killPublisher(target);
  }
  await sleep(durationMs);
  if (isStall(kind)) {
    // The delayed bytes arrive while messages are in flight and before the other side notices the end of the
    // connection.
    proxy.release();
    await busy();
  }
  await proxy.heal();
}
