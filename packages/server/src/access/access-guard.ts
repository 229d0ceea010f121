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

/** How callers prove who they are; any way that is given will do. */
export interface AuthOptions {
  /** Bearer keys, or where they come from while they change. A text alone is one that may write. */
  readonly keys?: Keys | undefined;
  /** Access tokens of an authorization server. */
  readonly jwt?: JwtOptions | undefined;
  /** Requests that Slack signs: its Slackbot is a client of MCP. */
  readonly slackSigned?: SlackSignedOptions | undefined;
}

/** What Slack may do here for its users. */
export interface SlackSignedOptions {
  /** Default `write`. */
  readonly rights?: Rights | undefined;
  /** Ids of the workspaces and organizations whose users may act. Default: all that have the app. */
  readonly teams?: readonly string[] | undefined;
  /** Id of the app that calls MCP, where several apps have a signing secret. Default: the app that the message names. */
  readonly appId?: string | undefined;
}

/** Who may use the endpoints. */
export interface AccessPolicy extends PlacePolicy {
  /** Without it nobody is asked who he is. */
  auth?: AuthOptions | undefined;
  /** The URL of the endpoint as clients know it. Default: the host they came by, and the mount path. */
  publicUrl?: string | undefined;
  /** Default `/mcp`. */
  mountPath?: string;
  /** Needed for `auth.slackSigned`. */
  slackSignatures?: SlackSignatures | undefined;
  /** Fetches the keys of the issuer of access tokens. */
  fetch?: typeof fetch | undefined;
}

/** Who calls, undefined where nobody is asked; or why he is not answered. */
export type Identity =
  | { readonly caller: Caller | undefined; readonly signature?: SlackSignature }
  | { readonly refusal: Refusal };

/** Decides about requests. */
export interface AccessGuard {
  /** `undefined` when the host and the origin are ours. `boundTo`: the address listened on. */
  refusePlace(headers: IncomingHttpHeaders, boundTo: string | undefined): Refusal | undefined;
  /** Who sends a request, by its headers; `signed` when only its body can tell. */
  identify(
    request: Pick<IncomingMessage, 'method' | 'headers' | 'rawHeaders'>,
  ): Identity | Promise<Identity> | 'signed';
  /** Who sends a request that Slack is said to have signed. */
  identifySigned(headers: IncomingHttpHeaders, body: Uint8Array): Identity;
  /** The user that Slack calls for. `caller`: the one that its signature identified. */
  slackCaller(
    request: { headers: IncomingHttpHeaders; body: unknown },
    caller: Caller,
    signature: SlackSignature,
  ): SlackCaller;
  /** Nobody: the refusal of what nobody has vouched for. */
  unauthorized(headers: IncomingHttpHeaders): Refusal;
  /** Why what a caller says is not answered to him. `writes`: whether a tool of this name writes. */
  refuseMessage(
    request: { headers: IncomingHttpHeaders; body: unknown },
    caller: Caller | undefined,
    writes: (tool: string) => boolean,
  ): Refusal | undefined;
  /** Of an access token that grants too little. */
  insufficientScope(headers: IncomingHttpHeaders): Refusal;
  /** Whether callers are asked who they are. */
  readonly asksWho: boolean;
  /** Absent where access tokens are not taken. */
  readonly resource: ProtectedResource | undefined;
  /** Ends what is open with the credential that opened it. */
  readonly credentials: CredentialWatch;
  /** Calls back with the ids of callers whose last key was revoked. */
  onGone(listener: (callers: ReadonlySet<string>) => void): void;
  /** Ends looking for changes of keys. */
  close(): void;
}

/**
 * Host first, then origin, then credentials: a page in a browser learns nothing about those.
 *
 * @throws ConfigurationError - `auth` without any way in, or with one that cannot work
 */
export function createAccessGuard(policy: AccessPolicy & { logger: Logger }): AccessGuard {
  const { auth, publicUrl, mountPath = '/mcp', slackSignatures, fetch, logger } = policy;
  const { keys = [], jwt: jwtOptions, slackSigned } = auth ?? {};
  if (auth !== undefined && !isGuarded(auth)) {
    throw new ConfigurationError('auth needs at least one key, or jwt, or slackSigned');
  }
  if (slackSigned !== undefined && slackSignatures === undefined) {
    throw new ConfigurationError("auth.slackSigned needs the app's signing secret");
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
    const message = 'A valid bearer token is needed: Authorization: Bearer <token>.';
    return { status: 401, code: 'unauthorized', message, headers: challenge(headers, error) };
  }

  function insufficientScope(headers: IncomingHttpHeaders): Refusal {
    const message = `The access token lacks a scope. Those of use here: ${jwt?.scopes.join(', ')}.`;
    return { status: 403, code: 'insufficient_scope', message, headers: challenge(headers, 'insufficient_scope') };
  }

  function identityOf(headers: IncomingHttpHeaders, verdict: JwtVerdict): Identity {
    if ('caller' in verdict) return verdict;
    if ('retryAfterSeconds' in verdict) {
      const message = 'The token cannot be checked now: the keys of its issuer cannot be fetched. Try again.';
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
        // The signature covers nothing but a body, so it lets in only what comes with one.
        const signed = slackSigned !== undefined && method === 'POST' && looksSigned(headers);
        return signed ? 'signed' : { refusal: unauthorized(headers) };
      }
      if (isRepeated(rawHeaders, 'authorization')) {
        const error = 'invalid_request';
        const message = 'Send one Authorization header.';
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

/** Whether headers are such as Slack's: what is not is refused before its body is read. */
function looksSigned(headers: IncomingHttpHeaders): boolean {
  const signature = single(headers['x-slack-signature']) ?? '';
  return /^v0=[0-9a-f]{64}$/i.test(signature) && /^\d{1,12}$/.test(single(headers['x-slack-request-timestamp']) ?? '');
}

/** Whether there is any way to prove who one is. */
export function isGuarded({ keys = [], jwt, slackSigned }: AuthOptions): boolean {
  return isKeySource(keys) || keys.length > 0 || jwt !== undefined || slackSigned !== undefined;
}

/** Node keeps the first of several and drops the others. */
function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  const count = rawHeaders.filter((header, index) => index % 2 === 0 && header.toLowerCase() === name).length;
  return count > 1;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
