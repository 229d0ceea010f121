import type { BrokenBackend } from './broken-backend.ts';
import { brokenConnecting } from './connecting.ts';
import { brokenDeclaring } from './declaring.ts';
import { brokenDelivering } from './delivering.ts';
import { brokenDenying } from './denying.ts';
import { brokenForgetting } from './forgetting.ts';
import { brokenHolding } from './holding.ts';
import { brokenKeeping } from './keeping.ts';
import { brokenOvertaking } from './overtaking.ts';
import { brokenParking } from './parking.ts';
import { brokenPublishing } from './publishing.ts';
import { brokenRedelivering } from './redelivering.ts';
import { brokenSettling } from './settling.ts';

export type { BrokenBackend } from './broken-backend.ts';

/** All known defects. A suite that misses one is itself broken. */
export const brokenBackends: readonly BrokenBackend[] = [
  ...brokenDeclaring,
  ...brokenPublishing,
  ...brokenDelivering,
  ...brokenSettling,
  ...brokenRedelivering,
  ...brokenParking,
  ...brokenHolding,
  ...brokenKeeping,
  ...brokenForgetting,
  ...brokenConnecting,
  ...brokenDenying,
  ...brokenOvertaking,
];
