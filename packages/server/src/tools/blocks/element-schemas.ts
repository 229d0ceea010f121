import { z } from 'zod';
import { address, anyText, confirmation, imageOf, option, optionGroup, plainText } from './composition-schemas.ts';
import type { SchemasByType } from './typed-schema.ts';

// Source of the limits: docs.slack.dev/reference/block-kit/block-elements, one page for each element.

/** The schemas of elements in blocks. */
export interface ElementSchemas {
  readonly button: z.ZodType;
  /** An image that Slack shows next to text. */
  readonly imageElement: z.ZodType;
  /** The elements of an `actions` block. */
  readonly actionElements: SchemasByType;
  /** The elements beside the text of a `section` block. */
  readonly accessories: SchemasByType;
  /** The elements of an `input` block. */
  readonly inputElements: SchemasByType;
  /** The elements of a `context` block. */
  readonly contextElements: SchemasByType;
  /** The elements of a `context_actions` block. */
  readonly contextActionElements: SchemasByType;
}

/** Creates the schemas of elements. */
export function createElementSchemas(): ElementSchemas {
  // Fields of every element with which people interact.
  const interactive = { action_id: z.string().min(1).max(255).optional(), confirm: confirmation().optional() };
  const style = z.enum(['primary', 'danger']).optional();
  const label = plainText(75);
  const spokenLabel = z.string().max(75).optional();

  const element = (fields: Readonly<Record<string, z.ZodType>> = {}): z.ZodType =>
    z.looseObject({ ...interactive, placeholder: plainText(150).optional(), ...fields });

  const fewOptions = z.array(option()).min(1).max(10);
  const staticMenu = z
    .looseObject({
      ...interactive,
      placeholder: plainText(150).optional(),
      options: z.array(option()).min(1).max(100).optional(),
      option_groups: z.array(optionGroup()).min(1).max(100).optional(),
    })
    .refine((menu) => (menu.options === undefined) !== (menu.option_groups === undefined), {
      message: 'needs either options or option_groups',
    });

  const feedbackButton = z.looseObject({ text: label, value: z.string().max(2_000), accessibility_label: spokenLabel });

  const imageElement = imageOf({ type: z.literal('image') });

  const button = element({
    type: z.literal('button'),
    text: label,
    value: z.string().max(2_000).optional(),
    url: address().optional(),
    accessibility_label: spokenLabel,
    style,
  });

  const workflowButton = element({ text: label, workflow: z.looseObject({}), accessibility_label: spokenLabel, style });
  const initialTime = z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as "13:30"')
    .optional();
  const initialDate = z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date such as "2026-03-01"')
    .optional();

  // Returns the schemas of two menus of one kind: for one choice, and for several choices.
  const menus = (name: string, schema: z.ZodType = element()): SchemasByType => ({
    [name]: schema,
    [`multi_${name}`]: schema,
  });

  const allMenus: SchemasByType = {
    ...menus('static_select', staticMenu),
    ...menus('external_select'),
    ...menus('users_select'),
    ...menus('conversations_select'),
    ...menus('channels_select'),
  };

  const choices: SchemasByType = {
    checkboxes: element({ options: fewOptions }),
    radio_buttons: element({ options: fewOptions }),
    datepicker: element({ initial_date: initialDate }),
    timepicker: element({ initial_time: initialTime }),
    ...allMenus,
  };

  const overflow = element({ options: z.array(option()).min(1).max(5) });

  const actionElements: SchemasByType = {
    button,
    overflow,
    workflow_button: workflowButton,
    datetimepicker: element({ initial_date_time: z.int().optional() }),
    rich_text_input: element(),
    ...choices,
  };

  const accessories: SchemasByType = {
    button,
    image: imageElement,
    overflow,
    workflow_button: workflowButton,
    ...choices,
  };

  const inputElements: SchemasByType = {
    plain_text_input: element({
      min_length: z.int().min(0).max(3_000).optional(),
      max_length: z.int().min(1).max(3_000).optional(),
    }),
    email_text_input: element(),
    url_text_input: element(),
    number_input: element({ is_decimal_allowed: z.boolean() }),
    file_input: element({ max_files: z.int().min(1).max(10).optional() }),
    datetimepicker: element({ initial_date_time: z.int().optional() }),
    rich_text_input: element(),
    ...choices,
  };

  const contextElements: SchemasByType = {
    image: imageElement,
    plain_text: anyText(3_000),
    mrkdwn: anyText(3_000),
  };

  const contextActionElements: SchemasByType = {
    feedback_buttons: element({ positive_button: feedbackButton, negative_button: feedbackButton }),
    icon_button: element({ icon: z.string().min(1), text: plainText(3_000), accessibility_label: spokenLabel }),
  };

  return {
    button,
    imageElement,
    actionElements,
    accessories,
    inputElements,
    contextElements,
    contextActionElements,
  };
}
