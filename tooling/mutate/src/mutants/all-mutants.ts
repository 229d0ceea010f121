import type { Mutant } from '../mutant.ts';
import { access } from './access.ts';
import { consumer } from './consumer.ts';
import { delivery } from './delivery.ts';
import { gates } from './gates.ts';
import { http } from './http.ts';
import { idempotency } from './idempotency.ts';
import { ingress } from './ingress.ts';
import { mcpHttp } from './mcp-http.ts';
import { messages } from './messages.ts';
import { publishing } from './publishing.ts';
import { redis } from './redis.ts';
import { slack } from './slack.ts';
import { writing } from './writing.ts';

/** Every mutant, by area. */
export const allMutants: readonly Mutant[] = [
  ...gates,
  ...idempotency,
  ...access,
  ...http,
  ...ingress,
  ...mcpHttp,
  ...messages,
  ...writing,
  ...slack,
  ...delivery,
  ...publishing,
  ...consumer,
  ...redis,
];
