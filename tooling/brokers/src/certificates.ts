import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Paths of PEM files. */
export interface Certificates {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Creates an authority and a certificate for `localhost` and `127.0.0.1` in a folder, with `openssl`. */
export async function createCertificates(folder: string): Promise<Certificates> {
  const openssl = (args: string): Promise<unknown> => promisify(execFile)('openssl', args.split(' '), { cwd: folder });
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  await openssl(`req -x509 ${key} -keyout ca-key.pem -out ca.pem -days 30 -subj /CN=slack-mcp-test-authority`);
  await openssl(`req ${key} -keyout server-key.pem -out server.csr -subj /CN=localhost`);
  await writeFile(join(folder, 'server.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  await openssl(
    'x509 -req -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 30 -extfile server.ext -out server.pem',
  );
  return {
    ca: join(folder, 'ca.pem'),
    certificate: join(folder, 'server.pem'),
    key: join(folder, 'server-key.pem'),
  };
}
