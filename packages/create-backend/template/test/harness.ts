import type { ConformanceHarness } from '@slack-mcp/conformance';
import { AcmeBackend } from '../src/index.ts';
import { StandInBroker } from '../src/stand-in/broker.ts';

const URL = 'acme://conformance';
const NOT_HERE = 'the stand-in receives messages only from `publish`';

/** Gives the conformance suite access to the backend and its broker. */
export const harness: ConformanceHarness = {
  name: 'acme',
  Backend: AcmeBackend,
  capabilities: new AcmeBackend().capabilities,
  create: ({ namespace, groups = [], keys }) =>
    new AcmeBackend({ url: URL, prefix: namespace, groups, ...(keys === undefined ? {} : { keys }) }),
  envFor: (namespace) => ({ ACME_URL: URL, ACME_PREFIX: namespace }),
  destroy: async (namespace) => StandInBroker.remove(`${URL} ${namespace}`),
  invalidEnv: [
    { env: { ACME_URL: 'nowhere' }, variable: 'ACME_URL' },
    { env: { ACME_TIMEOUT_MS: '0' }, variable: 'ACME_TIMEOUT_MS' },
  ],
  inspect: {
    objects: async (namespace) => [...StandInBroker.at(`${URL} ${namespace}`).groups.keys()],
  },
  notApplicable: { 'dead-letter.undecodable': NOT_HERE, 'dead-letter.undecodable-independent': NOT_HERE },
};
