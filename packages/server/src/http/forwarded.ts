import type { FastifyInstance } from 'fastify';

/**
 * The proxies whose `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host` headers are used: all (`true`), a
 * number of proxies in front of the server, or their addresses, as IP addresses, CIDR ranges, `loopback`, `linklocal`
 * or `uniquelocal`. `false`: none.
 */
export type TrustProxy = boolean | number | readonly string[];

/**
 * Sets `X-Forwarded-Proto` and `X-Forwarded-Host` to the values that a trusted proxy reports, and removes these headers
 * from the requests of other clients, so that code after this hook can use them without a check.
 */
export function keepTrustedHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    const { protocol, host } = request;
    const isForwarded = host !== headers.host;
    delete headers['x-forwarded-host'];
    delete headers['x-forwarded-proto'];
    if (protocol === 'https') headers['x-forwarded-proto'] = protocol;
    if (isForwarded) headers['x-forwarded-host'] = host;
    done();
  });
}

/** Returns the trusted proxies in the form that Fastify expects. */
export function trustedProxies(trust: TrustProxy): boolean | string[] | ((address: string, hop: number) => boolean) {
  if (typeof trust === 'number') return (_address, hop) => hop < trust;
  return typeof trust === 'boolean' ? trust : [...trust];
}
