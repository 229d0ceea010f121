import type { PreparedSecret } from './verify-signature.ts';

/** The app that a signed payload belongs to, or the reason for refusing it. */
export type AppVerdict =
  /** Undefined: neither the secrets nor the payload name an app. */
  | { readonly appId: string | undefined }
  /**
   * `signed_by_another_app`: no signer may speak for the app in the payload. `app_not_named`: the payload must name an
   * app, and does not.
   */
  | { readonly fault: 'signed_by_another_app' | 'app_not_named' };

/**
 * Finds the app that a signed payload belongs to. If several apps sign, the secret of one app must not vouch for
 * another app, so a payload that names no app is refused. Exceptions are kinds of payload in which Slack names no app;
 * these belong to their signer.
 *
 * @param named - the payload's `api_app_id`
 * @param secrets - all accepted secrets
 * @param mayBeUnnamed - whether Slack omits the app in this kind of payload
 */
export function appOfSigners(
  named: unknown,
  {
    signers,
    secrets,
    mayBeUnnamed,
  }: {
    readonly signers: readonly PreparedSecret[];
    readonly secrets: readonly PreparedSecret[];
    readonly mayBeUnnamed: boolean;
  },
): AppVerdict {
  if (typeof named === 'string' && named !== '') {
    const vouched = signers.some(({ appId }) => appId === undefined || appId === named);
    return vouched ? { appId: named } : { fault: 'signed_by_another_app' };
  }
  const apps = new Set(secrets.map(({ appId }) => appId));
  const [signer] = signers;
  if (apps.size === 1 || apps.has(undefined) || mayBeUnnamed) return { appId: signer?.appId };
  return { fault: 'app_not_named' };
}
