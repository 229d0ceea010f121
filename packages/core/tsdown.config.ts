import { definePackage } from '../../tsdown.base.ts';

export default definePackage(['src/index.ts', 'src/conformance/index.ts', 'src/conformance/consumer-main.ts']);
