import type { PreparedSecret } from './verify-signature.ts';

/** The app that a signed payload belongs to, or the reason why the payload is refused. */
export type AppVerdict =
  /** The id of the app; undefined if neither the secrets nor the payload name an app. */
  | { readonly appId: string | undefined }
  /**
   * The reason for the refusal: no secret of the app in the payload signed it (`signed_by_another_app`), or the payload
   * does not name an app although it must (`app_not_named`).
   */
  | { readonly fault: 'signed_by_another_app' | 'app_not_named' };

/**
 * Finds the app that a signed payload belongs to. If the accepted secrets belong to several apps, a payload that names
 * no app is refused, so that an app cannot sign payloads of another app. A payload of a kind in which Slack never names
 * an app belongs to the app that signed it.
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
