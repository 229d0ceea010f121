import type { PreparedSecret } from './verify-signature.ts';

/** Whose app a signed payload is. */
export type AppVerdict =
  /** Undefined: the secrets name no app, and neither does the payload. */
  | { readonly appId: string | undefined }
  /** `another_app`: none of the signers may speak for the app it names. `unnamed_app`: it must name one, and does not. */
  | { readonly fault: 'signed_by_another_app' | 'app_not_named' };

/**
 * Finds the app that a signed payload belongs to. Where several apps sign, an app's secret must not stand for another
 * app: a payload that names none is refused, except for the kinds in which Slack names none, which are their signer's.
 *
 * @param named - `api_app_id` of the payload
 * @param secrets - all that requests may be signed with
 * @param mayBeUnnamed - whether Slack leaves the app out of this kind of payload
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
