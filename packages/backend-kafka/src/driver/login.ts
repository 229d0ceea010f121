import type RawConnection from 'kafkajs/src/network/connection.js';

/** Thrown if the broker refused the credentials. */
export class LoginRefusedError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'LoginRefusedError';
  }
}

interface Call {
  readonly request: { readonly apiName: string };
}

/** Number of bytes in front of the SASL data. They contain the length of the data. */
const LENGTH_BYTES = 4;

/**
 * Remembers why a login failed. The library reports every login failure as refused credentials, even if the connection
 * was lost, and omits the cause.
 */
export class LoginObserver {
  #failure: unknown;

  /** @param mechanism - the SASL mechanism, in lower case */
  constructor(raw: RawConnection, mechanism: string) {
    const send = raw.send.bind(raw);
    raw.send = async (call) => {
      const { apiName } = (call as Call).request;
      if (apiName !== 'SaslHandshake' && apiName !== 'SaslAuthenticate') return send(call);
      this.#failure = undefined;
      try {
        const answer = await send(call);
        if (apiName === 'SaslAuthenticate' && mechanism === 'oauthbearer') assertTokenAccepted(answer);
        return answer;
      } catch (error) {
        this.#failure = error;
        throw error;
      }
    };
  }

  /** Returns the cause of a failed login, or `error` unchanged if `error` does not report a failed login. */
  explain(error: unknown): unknown {
    if (!(error instanceof Error) || error.name !== 'KafkaJSSASLAuthenticationError') return error;
    // Without a failed request, the broker answered, but the login cannot continue.
    return this.#failure ?? new LoginRefusedError(error.message);
  }
}

/**
 * Throws if the broker refused the token. With `oauthbearer`, a broker refuses a token by sending content in its
 * answer, which the library ignores.
 */
function assertTokenAccepted(answer: unknown): void {
  const { authBytes } = answer as { authBytes?: Buffer | null };
  if (authBytes && authBytes.length > LENGTH_BYTES) {
    throw new LoginRefusedError('the broker refused the OAuth token: check its expiry, issuer, audience and scope');
  }
}
