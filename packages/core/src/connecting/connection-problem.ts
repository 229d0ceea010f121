import {
  ConnectionError,
  ConnectionRefusedError,
  HostNotFoundError,
  ProtocolError,
  TlsError,
} from '../contract/errors.ts';
import { HandshakeError } from './handshake-error.ts';

/** The names of a broker and its settings in error messages. */
export interface BrokerNames {
  /** The name of the broker, for example `Redis`. */
  readonly broker: string;
  /** The prefix of the variables of {@link brokerEnv}, for example `REDIS`. */
  readonly variables: string;
  /** The variable that contains the address, for example `REDIS_URL`. */
  readonly address: string;
  /** The schemes of the URL, for example `{ plain: 'redis://', tls: 'rediss://' }`. Default: the broker has no URL. */
  readonly schemes?: { readonly plain: string; readonly tls: string };
  /** Whether the backend has the variables `_TLS_CERT` and `_TLS_KEY` for a client certificate. Default false. */
  readonly clientCertificate?: boolean;
  /** Matches the client library's error when the server answers in another protocol. */
  readonly otherProtocol?: RegExp;
}

/**
 * Returns an error that explains why a connection failed, for example because of the host name, a certificate or
 * another protocol. Checks for problems of TLS and the protocol only if `error` is a {@link HandshakeError}. Returns
 * `undefined` if the cause may be the network.
 *
 * @param operation - the operation and the address without credentials, for example `publishing to orders at
 *   redis://host:6379`
 */
export function connectionProblem(error: unknown, operation: string, names: BrokerNames): ConnectionError | undefined {
  const options = { cause: error };
  const { broker, address } = names;
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new HostNotFoundError(`${operation}: the host name does not resolve; check ${address} and the DNS`, options);
  }
  if (code === 'ECONNREFUSED') {
    const advice = `the connection was refused (ECONNREFUSED); is ${broker} running, and are host and port correct?`;
    return new ConnectionRefusedError(`${operation}: ${advice}`, options);
  }
  return error instanceof HandshakeError ? handshakeProblem(error, operation, names) : undefined;
}

/**
 * Creates the error for a failure that the network may have caused.
 *
 * @param reason - the reason that the broker gave, if any; default: the code of `error`
 */
export function connectionLost(
  error: unknown,
  operation: string,
  { broker }: BrokerNames,
  reason = '',
): ConnectionError {
  const problem = reason || codeOf(error) || 'the connection was lost';
  return new ConnectionError(`${operation}: ${problem}; is ${broker} up and reachable?`, { cause: error });
}

function handshakeProblem(error: HandshakeError, operation: string, names: BrokerNames): ConnectionError | undefined {
  const { code, message, tls, mismatch } = error;
  const { broker, variables, schemes, clientCertificate = false, otherProtocol } = names;
  const options = { cause: error };
  if (mismatch && !tls) {
    const advice = `${schemes === undefined ? '' : `use ${schemes.tls} or `}set ${variables}_TLS=true`;
    return new TlsError(`${operation}: the server requires TLS; ${advice}`, options);
  }
  if (
    mismatch ||
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    /wrong version number|packet length too long/i.test(message)
  ) {
    const advice = `${schemes === undefined ? '' : `use ${schemes.plain} or `}set ${variables}_TLS=false`;
    return new TlsError(`${operation}: the server does not speak TLS; ${advice}`, options);
  }
  const wantsCertificate = /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/.test(code) || /certificate required/i.test(message);
  if (wantsCertificate && clientCertificate) {
    const advice = `set ${variables}_TLS_CERT and ${variables}_TLS_KEY`;
    return new TlsError(`${operation}: the server requires a client certificate; ${advice}`, options);
  }
  const certificate = certificateProblem(code, variables);
  if (certificate !== undefined) return new TlsError(`${operation}: ${certificate}`, options);
  if (/^ERR_SSL|^ERR_TLS|^EPROTO$/.test(code)) {
    const advice = `check ${variables}_TLS and the TLS settings of the server`;
    return new TlsError(`${operation}: the TLS handshake failed (${code}); ${advice}`, options);
  }
  if (otherProtocol?.test(message)) {
    const advice = `check host and port, and whether it requires TLS (${schemes?.tls ?? `${variables}_TLS=true`})`;
    return new ProtocolError(`${operation}: the server does not speak the ${broker} protocol; ${advice}`, options);
  }
  return undefined;
}

/**
 * Returns the reason why Node.js rejects a server's certificate, and what to do. Returns `undefined` for other errors.
 *
 * @param code - the code of the error, for example `CERT_HAS_EXPIRED`
 * @param variables - the prefix of the variables of {@link brokerEnv}, for example `REDIS`
 */
export function certificateProblem(code: string, variables: string): string | undefined {
  if (code === 'CERT_HAS_EXPIRED') return `the server's certificate has expired (${code}); renew it on the server`;
  if (code === 'CERT_NOT_YET_VALID') {
    return `the server's certificate is not valid yet (${code}); check the clocks of both machines`;
  }
  if (/^ERR_TLS_CERT_ALTNAME|HOSTNAME_MISMATCH/.test(code)) {
    return `the server's certificate is for another host name (${code}); connect with a host name that the certificate contains`;
  }
  if (/^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT)/.test(code)) {
    return `the server's certificate is not trusted (${code}); set ${variables}_TLS_CA to the certificate of the CA that signed it`;
  }
  return undefined;
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null | undefined)?.code ?? '');
}
