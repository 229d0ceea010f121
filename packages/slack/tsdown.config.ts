import { definePinnedPackage } from '../../tsdown.base.ts';

export default definePinnedPackage({
  entry: { index: 'src/index.ts' },
  outDir: 'dist',
  external: [/^@slack-mcp\//, '@opentelemetry/api'],
});
