import '../src/leak-setup.ts';
