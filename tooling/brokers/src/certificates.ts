import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Paths of PEM files. */
export interface Certificates {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  /** The files of a client. */
  readonly client: { readonly certificate: string; readonly key: string };
}

/** Creates a CA, a certificate for `localhost` and `127.0.0.1`, and a client certificate, with `openssl`. */
export async function createCertificates(folder: string): Promise<Certificates> {
  const openssl = (args: string): Promise<unknown> => promisify(execFile)('openssl', args.split(' '), { cwd: folder });
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  await openssl(`req -x509 ${key} -keyout ca-key.pem -out ca.pem -days 30 -subj /CN=slack-mcp-test-authority`);
  const sign = async (name: string, subject: string, extension: string): Promise<void> => {
    await openssl(`req ${key} -keyout ${name}-key.pem -out ${name}.csr -subj /CN=${subject}`);
    await writeFile(join(folder, `${name}.ext`), `${extension}\n`);
    const authority = '-CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 30';
    await openssl(`x509 -req -in ${name}.csr ${authority} -extfile ${name}.ext -out ${name}.pem`);
  };
  await sign('server', 'localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  await sign('client', 'slack-mcp-client', 'extendedKeyUsage=clientAuth');
  return {
    ca: join(folder, 'ca.pem'),
    certificate: join(folder, 'server.pem'),
    key: join(folder, 'server-key.pem'),
    client: { certificate: join(folder, 'client.pem'), key: join(folder, 'client-key.pem') },
  };
}
