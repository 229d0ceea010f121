import { definePackage } from '../../tsdown.base.ts';

export default definePackage(['src/index.ts', 'src/backend.ts', 'src/ops.ts']);
