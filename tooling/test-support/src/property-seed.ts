import fc from 'fast-check';

// Runs before each test file if FC_SEED is set, so that every property test uses the same values again.

fc.configureGlobal({ seed: Number(process.env['FC_SEED']) });
