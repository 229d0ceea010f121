import type { Property } from '../property.ts';
import { contract } from './contract.ts';
import { counts } from './counts.ts';
import { crash } from './crash.ts';
import { deadLetter } from './dead-letter.ts';
import { ending } from './ending.ts';
import { flow } from './flow.ts';
import { groupStart } from './group-start.ts';
import { groups } from './groups.ts';
import { independent } from './independent.ts';
import { late } from './late.ts';
import { lateSettlement } from './late-settlement.ts';
import { lifecycle } from './lifecycle.ts';
import { network } from './network.ts';
import { outage } from './outage.ts';
import { parkedInBulk } from './parked-in-bulk.ts';
import { payload } from './payload.ts';
import { publishOrder } from './publish-order.ts';
import { publishing } from './publishing.ts';
import { redelivery } from './redelivery.ts';
import { retention } from './retention.ts';
import { retry } from './retry.ts';
import { settlement } from './settlement.ts';
import { unsettled } from './unsettled.ts';

/** All properties of the contract, in display order. */
export const properties: readonly Property[] = [
  ...contract,
  ...publishing,
  ...payload,
  ...settlement,
  ...groups,
  ...groupStart,
  ...independent,
  ...retry,
  ...redelivery,
  ...counts,
  ...deadLetter,
  ...parkedInBulk,
  ...flow,
  ...retention,
  ...ending,
  ...lateSettlement,
  ...lifecycle,
  ...crash,
  ...outage,
  ...unsettled,
  ...late,
  ...publishOrder,
  ...network,
];
