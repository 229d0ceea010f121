/** Settings with which clients of the broker have to log in, as `app` with `app-secret`. */
export const SASL_PLAIN: readonly string[] = [
  'listener.security.protocol.map=PLAINTEXT:SASL_PLAINTEXT,HARNESS:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'sasl.enabled.mechanisms=PLAIN',
  'listener.name.plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_app="app-secret";',
];
