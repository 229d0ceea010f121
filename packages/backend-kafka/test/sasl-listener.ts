import type { KafkaBackendOptions } from '../src/index.ts';

/** Settings with which clients of the broker have to log in, as `app` with `app-secret`. */
export const SASL_PLAIN: readonly string[] = [
  'listener.security.protocol.map=PLAINTEXT:SASL_PLAINTEXT,HARNESS:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'sasl.enabled.mechanisms=PLAIN',
  'listener.name.plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_app="app-secret";',
];

/** {@link SASL_PLAIN}, and groups may have short sessions. */
export const SHORT_SESSIONS: readonly string[] = [...SASL_PLAIN, 'group.min.session.timeout.ms=100'];

/** Users who log in with SCRAM. */
export const SCRAM_USERS = { app: 'app-secret' };

/** A token that the broker accepts without a signature, as its default in tests. */
export function token(subject: string, expiresInSeconds = 3_600): string {
  const now = Math.floor(Date.now() / 1_000);
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + expiresInSeconds })}.`;
}

export type Login = Pick<KafkaBackendOptions, 'username' | 'password' | 'mechanism' | 'oauthToken'>;

/** A login that {@link SASL_LISTENER} accepts, for each mechanism. */
export const LOGINS: Record<string, Login> = {
  plain: { username: 'app', password: 'app-secret' },
  'scram-sha-256': { username: 'app', password: 'app-secret', mechanism: 'scram-sha-256' },
  oauthbearer: { oauthToken: async () => token('app') },
};

/**
 * Settings with which clients log in with `plain`, `scram-sha-256` or `oauthbearer`. `app` may do everything, `reader`
 * and `writer` have no rights. Tokens need no signature.
 */
export const SASL_LISTENER: readonly string[] = [
  'listener.security.protocol.map=PLAINTEXT:SASL_PLAINTEXT,HARNESS:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,OAUTHBEARER',
  'listener.name.plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_app="app-secret" user_reader="reader-secret" user_writer="writer-secret";',
  'listener.name.plaintext.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;',
  'listener.name.plaintext.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";',
  'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users=User:ANONYMOUS;User:app',
];
