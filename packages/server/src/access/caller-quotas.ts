import type { AdmissionControl } from '../http/admission.ts';
import { createAdmissionControl } from '../http/admission.ts';
import { Quota } from './quota.ts';
import { Rate } from './rate.ts';

/** The maximum amounts that all HTTP callers of the tools may hold together. */
export interface QuotaLimits {
  /** Sessions. Default: 1000. */
  readonly sessions?: number | undefined;
  /**
   * Open streams on which the server sends messages; default: 1000, but at most a quarter of the possible connections.
   */
  readonly streams?: number | undefined;
  /** Requests in progress; default: 200, but at most a quarter of the possible connections. */
  readonly calls?: number | undefined;
  /** Total body bytes of all unanswered requests. Default: 64 MiB. */
  readonly bodyBytes?: number | undefined;
  /**
   * Bytes of sent events that the server stores in order to resend them to clients whose stream breaks. Default: 64
   * MiB.
   */
  readonly keptBytes?: number | undefined;
  /** Calls to Slack per caller per minute; bursts may be a third as large. 0: no limit. Default: 60. */
  readonly callsPerMinute?: number | undefined;
  /** Messages per caller per second; bursts may be five times as large. 0: no limit. Default: 100. */
  readonly messagesPerSecond?: number | undefined;
  /** Body bytes per caller per second; bursts may be eight times as large. 0: no limit. Default: 2 MiB. */
  readonly bytesPerSecond?: number | undefined;
}

const MIB = 2 ** 20;
/** Limits for each caller and for all callers together, so that no caller starves the others or the ingress. */
export class CallerQuotas {
  readonly sessions: Quota;
  readonly streams: Quota;
  readonly calls: Quota;
  /** Limits the bytes of request bodies for each caller. */
  readonly bodies: Quota;
  /** Limits the total bytes of the request bodies that are arriving. Bodies that never complete are evicted first. */
  readonly arriving: AdmissionControl;
  readonly kept: Quota;
  /** Messages per caller; undefined if there is no limit. */
  readonly messages: Rate | undefined;
  readonly bodyBytes: Rate | undefined;
  readonly slackCalls: Rate | undefined;

  /** @param connections - maximum number of open connections; by default, connections do not limit the quotas */
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

/** @param burst - how many seconds' worth of the rate may arrive at once */
function rateOf(perSecond: number, burst: number): Rate | undefined {
  return perSecond === 0 ? undefined : new Rate({ burst: Math.max(1, Math.ceil(perSecond * burst)), perSecond });
}
