import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignBroker } from './adapter.ts';
import type { Crew } from './crew.ts';
import { isStall, type ScheduledFault } from './schedule.ts';

/** How late each byte is while the network delays. */
const DELAY_MS = 60;

/**
 * Lets a fault happen. Resolves when it is over: the broker is up, every byte passes, what was killed is started.
 *
 * @param busy - lets messages through for a while, for a fault whose end must meet some
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
    // What was held back meets messages on their way, before the end of its connection is known.
    proxy.release();
    await busy();
  }
  await proxy.heal();
}
