import { definePackage } from '../../tsdown.base.ts';

export default definePackage([
  'src/index.ts',
  'src/task-queue/index.ts',
  'src/dedupe-store/index.ts',
  'src/idempotency-store/index.ts',
]);
