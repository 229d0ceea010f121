import { scanForLeaks } from '../src/leak-setup.ts';

scanForLeaks();
