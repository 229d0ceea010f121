import type { MessageAttachment } from '@slack/types';

/** Returns the attachment that Slack adds to a message for a link. */
export function linkPreview(url: string, index: number): MessageAttachment {
  const { hostname } = new URL(url);
  const preview = {
    id: index + 1,
    from_url: url,
    original_url: url,
    service_name: hostname,
    title: hostname,
    title_link: url,
    fallback: hostname,
    text: `A page of ${hostname}`,
  };
  return preview as MessageAttachment;
}
