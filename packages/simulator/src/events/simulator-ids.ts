/** The ids of the default workspace, for tests that build events without a simulator. */
export const SIMULATOR_IDS = {
  team: 'T0SIMULATR',
  app: 'A0SIMULATR',
  bot: 'B0SIMULATR',
  botUser: 'U0SIMULBOT',
  user: 'U0ALICE001',
  channel: 'C0GENERAL1',
  privateChannel: 'C0PRIVATE1',
  directMessage: 'D0ALICE001',
  verificationToken: 'simulator-verification-token',
} as const;
