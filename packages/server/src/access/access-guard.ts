import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ConfigurationError, type Logger } from '@slack-mcp/core';
import type { Caller, Rights } from '../tools/caller.ts';
import { CredentialWatch } from './credential-watch.ts';
import { createJwtCheck, type JwtOptions, type JwtVerdict } from './jwt-check.ts';
import { openKeyRing } from './key-ring.ts';
import { isKeySource, type Keys } from './key-source.ts';
import { needsMoreScope, refuseTeam, type SlackCaller, slackCallerOf } from './message-check.ts';
import { type PlacePolicy, refusePlace } from './place-check.ts';
import { createProtectedResource, type ProtectedResource } from './protected-resource.ts';
import type { Refusal } from './refusal.ts';
import type { SlackSignature, SlackSignatures } from './slack-signatures.ts';

/** How callers authenticate. A caller needs to pass only one of the configured methods. */
export interface AuthOptions {
  /** Bearer keys, or a source of keys that change at runtime. A key given as a plain string has write rights. */
  readonly keys?: Keys | undefined;
  /** Access tokens from an authorization server. */
  readonly jwt?: JwtOptions | undefined;
  /** Accepts requests that Slack signs for Slackbot, which is an MCP client. */
  readonly slackSigned?: SlackSignedOptions | undefined;
}

/** What Slack may do on this server on behalf of Slack users. */
export interface SlackSignedOptions {
  /** Default: `write`. */
  readonly rights?: Rights | undefined;
  /**
   * IDs of the workspaces and organizations whose users may call tools; default: every workspace that installed the
   * app.
   */
  readonly teams?: readonly string[] | undefined;
  /**
   * ID of the Slack app that calls MCP, if several apps have a signing secret; default: the app named in the message.
   */
  readonly appId?: string | undefined;
}

/** Who may use the endpoints. */
export interface AccessPolicy extends PlacePolicy {
  /** Without `auth`, callers are not authenticated. */
  auth?: AuthOptions | undefined;
  /** The URL of the endpoint as clients see it; by default, built from the host of the request and the mount path. */
  publicUrl?: string | undefined;
  /** Default: `/mcp`. */
  mountPath?: string;
  /** Required for `auth.slackSigned`. */
  slackSignatures?: SlackSignatures | undefined;
  /** The `fetch` function used to get the keys of the access tokens' issuer. */
  fetch?: typeof fetch | undefined;
}

/** The caller of a request (undefined without authentication), or the reason the request is refused. */
export type Identity =
  | { readonly caller: Caller | undefined; readonly signature?: SlackSignature }
  | { readonly refusal: Refusal };

/** Decides which requests the server accepts. */
export interface AccessGuard {
  /** Returns `undefined` if the host and the origin are allowed. `boundTo` is the address the server listens on. */
  refusePlace(headers: IncomingHttpHeaders, boundTo: string | undefined): Refusal | undefined;
  /**
   * Identifies the caller by the request's headers. Returns `signed` if the body is also needed to identify the caller.
   */
  identify(
    request: Pick<IncomingMessage, 'method' | 'headers' | 'rawHeaders'>,
  ): Identity | Promise<Identity> | 'signed';
  /** Identifies the caller of a request that claims to be signed by Slack. */
  identifySigned(headers: IncomingHttpHeaders, body: Uint8Array): Identity;
  /**
   * Identifies the user on whose behalf Slack sends a request. `caller` is Slack itself, identified by the signature.
   */
  slackCaller(
    request: { headers: IncomingHttpHeaders; body: unknown },
    caller: Caller,
    signature: SlackSignature,
  ): SlackCaller;
  /** The refusal for a request without valid credentials. */
  unauthorized(headers: IncomingHttpHeaders): Refusal;
  /**
   * Returns why the caller may not send a message, or `undefined` if it may. `writes` returns whether the named tool
   * writes.
   */
  refuseMessage(
    request: { headers: IncomingHttpHeaders; body: unknown },
    caller: Caller | undefined,
    writes: (tool: string) => boolean,
  ): Refusal | undefined;
  /** The refusal for an access token without the required scope. */
  insufficientScope(headers: IncomingHttpHeaders): Refusal;
  /** Whether callers must authenticate. */
  readonly asksWho: boolean;
  /** Metadata for OAuth clients; absent if access tokens are not accepted. */
  readonly resource: ProtectedResource | undefined;
  /** Closes open requests and streams when their credential expires or is revoked. */
  readonly credentials: CredentialWatch;
  /** Calls the listener with the IDs of callers whose last key was revoked. */
  onGone(listener: (callers: ReadonlySet<string>) => void): void;
  /** Stops watching for key changes. */
  close(): void;
}

/**
 * Creates a guard that checks the host first, then the origin, then the credentials, so that a web page from a
 * disallowed origin cannot find out whether credentials are valid.
 *
 * @throws ConfigurationError - `auth` is empty, or the options of a method are incomplete or invalid
 */
export function createAccessGuard(policy: AccessPolicy & { logger: Logger }): AccessGuard {
  const { auth, publicUrl, mountPath = '/mcp', slackSignatures, fetch, logger } = policy;
  const { keys = [], jwt: jwtOptions, slackSigned } = auth ?? {};
  if (auth !== undefined && !isGuarded(auth)) {
    throw new ConfigurationError(
      'auth contains no way to authenticate: add a key, jwt or slackSigned (for example { keys: [token] })',
    );
  }
  if (slackSigned !== undefined && slackSignatures === undefined) {
    throw new ConfigurationError("auth.slackSigned needs the app's signing secret: set signingSecret");
  }
  const credentials = new CredentialWatch();
  const listeners = new Set<(callers: ReadonlySet<string>) => void>();
  const ring = openKeyRing(keys, (holders, gone) => {
    logger.info({ callers: [...holders].map(({ id }) => id) }, 'mcp_keys_revoked');
    credentials.revoke(holders);
    for (const listener of listeners) listener(gone);
  });
  const jwt =
    jwtOptions && createJwtCheck({ ...jwtOptions, audience: jwtOptions.audience ?? publicUrl, fetch, logger });
  const resource = jwt && createProtectedResource({ ...jwt, publicUrl, mountPath });

  function challenge(headers: IncomingHttpHeaders, error?: string): Record<string, string> {
    const parts = [
      ['realm', 'slack-mcp'],
      ['error', error],
      ['scope', jwt?.scopes.join(' ')],
      ['resource_metadata', resource?.metadataUrl(headers)],
    ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${value}"`]));
    return { 'www-authenticate': `Bearer ${parts.join(', ')}` };
  }

  function unauthorized(headers: IncomingHttpHeaders, error?: string): Refusal {
    const message = 'A valid bearer token is required. Send it as Authorization: Bearer <token>.';
    return { status: 401, code: 'unauthorized', message, headers: challenge(headers, error) };
  }

  function insufficientScope(headers: IncomingHttpHeaders): Refusal {
    const message = `The access token lacks a required scope. This server uses the scopes ${jwt?.scopes.join(', ')}.`;
    return { status: 403, code: 'insufficient_scope', message, headers: challenge(headers, 'insufficient_scope') };
  }

  function identityOf(headers: IncomingHttpHeaders, verdict: JwtVerdict): Identity {
    if ('caller' in verdict) return verdict;
    if ('retryAfterSeconds' in verdict) {
      const message = "The token cannot be verified now, because its issuer's keys cannot be fetched. Try again.";
      const retry = { 'retry-after': String(verdict.retryAfterSeconds) };
      return { refusal: { status: 503, code: 'authorization_unavailable', message, headers: retry } };
    }
    const { fault } = verdict;
    return { refusal: fault === 'invalid_token' ? unauthorized(headers, fault) : insufficientScope(headers) };
  }

  return {
    asksWho: auth !== undefined,
    resource,
    credentials,
    onGone: (listener) => void listeners.add(listener),
    close: () => ring.close(),
    refusePlace: (headers, boundTo) => refusePlace(policy, headers, boundTo),
    unauthorized,
    insufficientScope,

    identify({ method, headers, rawHeaders }) {
      if (auth === undefined) return { caller: undefined };
      const { authorization } = headers;
      if (authorization === undefined) {
        // The signature covers only the body, so it authenticates only requests that have one.
        const signed = slackSigned !== undefined && method === 'POST' && looksSigned(headers);
        return signed ? 'signed' : { refusal: unauthorized(headers) };
      }
      if (isRepeated(rawHeaders, 'authorization')) {
        const error = 'invalid_request';
        const message = 'The request has several Authorization headers. Send only one.';
        return { refusal: { status: 400, code: error, message, headers: challenge(headers, error) } };
      }
      const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
      const caller = token === undefined ? undefined : ring.holderOf(token);
      if (caller !== undefined) return { caller };
      if (token === undefined || jwt === undefined) return { refusal: unauthorized(headers, 'invalid_token') };
      return jwt.check(token).then((verdict) => identityOf(headers, verdict));
    },

    identifySigned(headers, body) {
      const request = {
        body,
        timestamp: single(headers['x-slack-request-timestamp']),
        signature: single(headers['x-slack-signature']),
      };
      const signature = slackSignatures?.verify(request);
      if (signature === undefined) return { refusal: unauthorized(headers, 'invalid_token') };
      return { caller: { id: 'slack', kind: 'slack', rights: slackSigned?.rights ?? 'write' }, signature };
    },

    slackCaller({ headers, body }, caller, signature) {
      const found = slackCallerOf(body, caller, { signature, severalApps: slackSignatures?.severalApps ?? false });
      if ('caller' in found || found.refusal.status !== 401) return found;
      return { refusal: { ...found.refusal, headers: challenge(headers, 'invalid_token') } };
    },

    refuseMessage({ headers, body }, caller, writes) {
      if (needsMoreScope(body, caller, writes)) return insufficientScope(headers);
      const teams = caller?.kind === 'slack' ? slackSigned?.teams : undefined;
      return teams && refuseTeam(body, teams);
    },
  };
}

/**
 * Whether the headers look like those of a request that Slack signed. The server refuses other requests without an
 * `Authorization` header before it reads their body.
 */
function looksSigned(headers: IncomingHttpHeaders): boolean {
  const signature = single(headers['x-slack-signature']) ?? '';
  return /^v0=[0-9a-f]{64}$/i.test(signature) && /^\d{1,12}$/.test(single(headers['x-slack-request-timestamp']) ?? '');
}

/** Whether at least one authentication method is configured. */
export function isGuarded({ keys = [], jwt, slackSigned }: AuthOptions): boolean {
  return isKeySource(keys) || keys.length > 0 || jwt !== undefined || slackSigned !== undefined;
}

/** If a header occurs several times, Node keeps the first value and drops the others. */
function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  const count = rawHeaders.filter((header, index) => index % 2 === 0 && header.toLowerCase() === name).length;
  return count > 1;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
