/** The people of the team, by user ID. */
export const PEOPLE: Readonly<Record<string, string>> = {
  U06ALICE7QX: 'Alice Example',
  U06B0BK2M9T: 'Bob Example',
  U06CAR0L4ZN: 'Carol Example',
  U06ER1NP8WD: 'Erin Example',
  U06FRANKH3V: 'Frank Example',
  U06GRACEL5Y: 'Grace Example',
  U06HE1D1R2J: 'Heidi Example',
};

const CHANNEL = '<#C06RELEASES|releases>';

/** First halves of messages. */
const OPENINGS: readonly string[] = [
  'The deploy to staging finished without errors.',
  'Can someone look at this before lunch?',
  '<@U06B0BK2M9T> the migration needs one more index on `orders.customer_id`.',
  'I moved the retry logic into its own module.',
  'Quick update from the customer call:',
  'Heads up: the certificate of the sandbox expires on Friday.',
  'The flaky test in the checkout suite is back :sob:',
  'I read through the proposal & left comments in <https://docs.example.com/d/pricing-2027|the pricing document>.',
  'Standup notes:\n• finished the import of the old invoices\n• next is the export',
  'Does this still need a review?',
  'Thanks, that fixed it for me.',
  'For the record, we agreed on the following yesterday:',
  'The dashboard shows 3 % more timeouts than last week.',
  'I would keep the old endpoint until the end of the quarter.',
  '+1 from me.',
  'We lost 40 events during the failover, all of the test tenant.',
  'Here is what the log says: ```ERROR connection refused: db-2:5432 (attempt 3 of 5)```',
  'Reminder that the freeze starts at 18:00 UTC.',
  'Moving this here so that all of us can see it.',
  'The new onboarding page is live.',
  `I asked about this in ${CHANNEL} already.`,
];

/** Second halves of messages. */
const ENDINGS: readonly string[] = [
  'Let me know if anything looks odd on your side.',
  'I can pair on it tomorrow morning if that helps.',
  'See <https://github.com/example/shop/pull/4821> for the details.',
  'That should bring the p99 below 200 ms again.',
  'No action needed from anyone else.',
  'If we ship it on Tuesday, support has two days left.',
  'Who owns the follow-up?',
  'We can drop the feature flag once all tenants with x &lt; 100 orders are migrated.',
  'I will write it up after the release.',
  'The numbers are in the sheet, on the second page.',
  'cc <@U06GRACEL5Y>',
  'My guess is the cache.',
  'Rolling back takes about four minutes, so the risk is small.',
  'Please do not restart the workers until I am done.',
  'It only happens in Asia, so I suspect the time zones.',
  'Opened a ticket: <https://tracker.example.com/browse/SHOP-2291|SHOP-2291>.',
  'Looks good to me otherwise :shipit:',
  'We should ask legal first.',
  'I tested it with Firefox and Safari, both fine.',
  'The vendor promises a fix by *next Wednesday*.',
  'Any objections?',
  'Back in an hour, please go on without me.',
  'Otherwise the nightly job fills the disk again.',
];

/** Returns a message that differs from the messages of all other indexes below 483. */
export function talk(index: number): string {
  const parts = [OPENINGS[index % OPENINGS.length], ENDINGS[(index * 7) % ENDINGS.length]];
  return parts.join(' ');
}
