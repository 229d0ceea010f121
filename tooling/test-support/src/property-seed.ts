import fc from 'fast-check';

// Runs before each test file where FC_SEED is set: every property test then tries the same values again.

fc.configureGlobal({ seed: Number(process.env['FC_SEED']) });
