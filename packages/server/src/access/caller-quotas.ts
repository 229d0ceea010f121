import type { AdmissionControl } from '../http/admission.ts';
import { createAdmissionControl } from '../http/admission.ts';
import { Quota } from './quota.ts';
import { Rate, type RateLimits } from './rate.ts';

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
}

const MIB = 2 ** 20;
/** Requests of any kind: far above what a client sends, far below what would keep the process from all else. */
const REQUESTS: RateLimits = { burst: 500, perSecond: 100 };
/** Bytes of their bodies: reading and parsing 4 MiB takes some 30 ms. */
const BODY_BYTES: RateLimits = { burst: 16 * MIB, perSecond: 2 * MIB };

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
  readonly requests: Rate = new Rate(REQUESTS);
  readonly bodyBytes: Rate = new Rate(BODY_BYTES);
  /** Absent: calls are not counted. */
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
    this.slackCalls =
      callsPerMinute === 0
        ? undefined
        : new Rate({ burst: Math.max(1, Math.ceil(callsPerMinute / 3)), perSecond: callsPerMinute / 60 });
  }
}
