import type { IncomingHttpHeaders } from 'node:http';

/** Lets an OAuth client discover where to get a token (RFC 9728). */
export interface ProtectedResource {
  /** Paths that serve the metadata. */
  readonly paths: readonly string[];
  /** The metadata itself. */
  metadata(headers: IncomingHttpHeaders): Readonly<Record<string, unknown>>;
  /** Returns the URL of the metadata. Returns undefined if the request has no valid host. */
  metadataUrl(headers: IncomingHttpHeaders): string | undefined;
}

/** Options of `createProtectedResource`. */
export interface ProtectedResourceOptions {
  issuer: string;
  scopes: readonly string[];
  /** The URL of the endpoint as clients see it; by default, built from the host of the request and the mount path. */
  publicUrl?: string | undefined;
  mountPath: string;
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** Describes the endpoint as an OAuth 2.1 resource. */
export function createProtectedResource(options: ProtectedResourceOptions): ProtectedResource {
  const { issuer, scopes, publicUrl, mountPath } = options;
  // The host was checked before. The forwarded headers come from a trusted proxy: see `keepTrustedHeaders`.
  const resourceOf = (headers: IncomingHttpHeaders): URL | undefined => {
    const { 'x-forwarded-proto': protocol = 'http', 'x-forwarded-host': host = headers.host } = headers;
    return URL.parse(publicUrl ?? `${protocol}://${host}${mountPath}`) ?? undefined;
  };
  const suffixes = [mountPath, ...(publicUrl === undefined ? [] : [new URL(publicUrl).pathname])];

  return {
    paths: [...new Set(['', ...suffixes].map((suffix) => `${WELL_KNOWN}${withoutSlash(suffix)}`))],
    metadata: (headers) => ({
      resource: publicUrl ?? resourceOf(headers)?.href,
      authorization_servers: [issuer],
      scopes_supported: scopes,
      bearer_methods_supported: ['header'],
      resource_name: 'Slack',
    }),
    metadataUrl(headers) {
      const resource = resourceOf(headers);
      return resource && `${resource.origin}${WELL_KNOWN}${withoutSlash(resource.pathname)}`;
    },
  };
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
