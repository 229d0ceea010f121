import { definePackage } from '../../tsdown.base.ts';

export default definePackage(['src/index.ts', 'src/bin/create-backend.ts']);
