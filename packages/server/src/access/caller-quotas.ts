import type { AdmissionControl } from '../http/admission.ts';
import { createAdmissionControl } from '../http/admission.ts';
import { Quota } from './quota.ts';
import { Rate } from './rate.ts';

/** What all callers of the tools hold together at most, over HTTP. */
export interface QuotaLimits {
  /** Sessions. Default 1000. */
  readonly sessions?: number | undefined;
  /** Streams that stay open, on which the server speaks. Default 1000, and a quarter of the connections there can be. */
  readonly streams?: number | undefined;
  /** Requests that are being answered. Default 200, and a quarter of the connections there can be. */
  readonly calls?: number | undefined;
  /** Bytes of the bodies of requests, until they are answered. Default 64 MiB. */
  readonly bodyBytes?: number | undefined;
  /** Bytes kept for clients whose stream breaks. Default 64 MiB. */
  readonly keptBytes?: number | undefined;
  /** Calls that reach Slack, each caller's a minute, a third of them at once; 0: any number. Default 60. */
  readonly callsPerMinute?: number | undefined;
  /** Messages of each caller a second, five times as many at once; 0: any number. Default 100. */
  readonly messagesPerSecond?: number | undefined;
  /** Bytes of each caller's bodies a second, eight times as many at once; 0: any number. Default 2 MiB. */
  readonly bytesPerSecond?: number | undefined;
}

const MIB = 2 ** 20;
/** What each caller may hold, and all together: in every one of these, none starves the others nor the ingress. */
export class CallerQuotas {
  readonly sessions: Quota;
  readonly streams: Quota;
  readonly calls: Quota;
  /** Bytes of bodies by caller. */
  readonly bodies: Quota;
  /** Bytes of all bodies; those that are never finished give way. */
  readonly arriving: AdmissionControl;
  readonly kept: Quota;
  /** Absent, as the next two: they are not counted. */
  readonly messages: Rate | undefined;
  readonly bodyBytes: Rate | undefined;
  readonly slackCalls: Rate | undefined;

  /** @param connections - how many there can be at once; default: not known, and no bound */
  constructor(limits: QuotaLimits = {}, connections: number = Number.POSITIVE_INFINITY) {
    const quarter = Math.max(1, Math.floor(connections / 4));
    const bodyBytes = limits.bodyBytes ?? 64 * MIB;
    const { callsPerMinute = 60 } = limits;
    this.sessions = new Quota(limits.sessions ?? 1_000);
    this.streams = new Quota(Math.min(limits.streams ?? 1_000, quarter));
    this.calls = new Quota(Math.min(limits.calls ?? 200, quarter));
    this.bodies = new Quota(bodyBytes);
    this.arriving = createAdmissionControl({ maxInFlight: Number.POSITIVE_INFINITY, maxInFlightBytes: bodyBytes });
    this.kept = new Quota(limits.keptBytes ?? 64 * MIB);
    this.messages = rateOf(limits.messagesPerSecond ?? 100, 5);
    this.bodyBytes = rateOf(limits.bytesPerSecond ?? 2 * MIB, 8);
    this.slackCalls = rateOf(callsPerMinute / 60, 20);
  }
}

/** @param burst - how many seconds' worth may come at once */
function rateOf(perSecond: number, burst: number): Rate | undefined {
  return perSecond === 0 ? undefined : new Rate({ burst: Math.max(1, Math.ceil(perSecond * burst)), perSecond });
}
