import { z } from 'zod';

// Source of the limits: docs.slack.dev/reference/block-kit/composition-objects, one page for each object.

/** Returns the schema of a text without markup. */
export function plainText(most: number): z.ZodType {
  return z.looseObject({ type: z.literal('plain_text'), text: z.string().min(1).max(most) });
}

/** Returns the schema of a text in Slack's markup. */
export function markupText(most: number): z.ZodType {
  return z.looseObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(most) });
}

/** Returns the schema of a text with or without markup. */
export function anyText(most: number): z.ZodType {
  return z.looseObject({ type: z.enum(['plain_text', 'mrkdwn']), text: z.string().min(1).max(most) });
}

/** Returns the schema of a URL, which Slack limits to 3,000 characters. */
export function address(): z.ZodType {
  return z.string().min(1).max(3_000);
}

/** Returns the schema of the URL of an image, which Slack fetches over HTTP. */
function imageAddress(): z.ZodType {
  return z
    .string()
    .max(3_000)
    .regex(/^https?:\/\/./i, 'must begin with https:// or http://');
}

/** Returns the schema of a confirmation dialog, which Slack shows before it sends an action to the app. */
export function confirmation(): z.ZodType {
  return z.looseObject({
    title: plainText(100).optional(),
    text: anyText(300),
    confirm: plainText(30).optional(),
    deny: plainText(30).optional(),
    style: z.enum(['primary', 'danger']).optional(),
  });
}

/** Returns the schema of one choice of a menu. */
export function option(): z.ZodType {
  return z.looseObject({
    text: anyText(75),
    value: z.string().max(150).optional(),
    description: anyText(75).optional(),
    url: address().optional(),
  });
}

/** Returns the schema of the choices of a menu under a heading. */
export function optionGroup(): z.ZodType {
  return z.looseObject({ label: plainText(75), options: z.array(option()).min(1).max(100) });
}

/** Returns the schema of a file in Slack, identified by ID or URL. */
function slackFile(): z.ZodType {
  return z
    .looseObject({ id: z.string().optional(), url: z.string().optional() })
    .refine(({ id, url }) => (id === undefined) !== (url === undefined), 'needs either id or url');
}

/** Returns the schema of an image, which is either at a URL or a file in Slack. */
export function imageOf(fields: Readonly<Record<string, z.ZodType>>): z.ZodType {
  return z
    .looseObject({
      ...fields,
      alt_text: z.string().min(1).max(2_000),
      image_url: imageAddress().optional(),
      slack_file: slackFile().optional(),
    })
    .refine((image) => (image.image_url === undefined) !== (image.slack_file === undefined), {
      message: 'needs either image_url or slack_file',
    });
}
