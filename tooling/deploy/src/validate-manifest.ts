/** An object of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

interface Model {
  validate(): void;
}

/** The packages with the schemas that Kubernetes and the extensions publish. */
const PACKAGES: readonly (readonly [group: RegExp, name: string])[] = [
  [/(^|\.)keda\.sh$/, '@kubernetes-models/keda'],
  [/\.knative\.dev$/, '@kubernetes-models/knative'],
  [/^monitoring\.coreos\.com$/, '@kubernetes-models/prometheus-operator'],
  [/^(|apps|policy|.*\.k8s\.io)$/, 'kubernetes-models'],
];

/**
 * Validates an object with the schema of its kind.
 *
 * @throws Error - the object does not match its schema, or its kind is unknown
 */
export async function validateManifest(manifest: Manifest): Promise<void> {
  const [group, version] = manifest.apiVersion.includes('/')
    ? (manifest.apiVersion.split('/') as [string, string])
    : ['', manifest.apiVersion];
  const name = PACKAGES.find(([pattern]) => pattern.test(group))?.[1];
  if (name === undefined) throw new Error(`no schema for ${manifest.apiVersion}`);
  const path = [name, ...(group === '' ? [] : [group]), version].join('/');
  const module = (await import(path)) as Record<string, new (data: object) => Model>;
  const Kind = module[manifest.kind];
  if (Kind === undefined) throw new Error(`no schema for the kind ${manifest.kind}`);
  new Kind(manifest).validate();
}
