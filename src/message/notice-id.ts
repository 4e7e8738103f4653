// The form of the Message-IDs our notices carry: their domain is everybody's on the same server, the rest is ours alone.

export function noticeId(digest: string, domain: string): string {
  return `<jinbox.${digest}@${domain}>`;
}

const FORM = /^<jinbox\.[0-9a-f]{32}(?:[0-9a-f]{8})?@(?<domain>[^@>]+)>$/;

/** Whether a notice of the mailbox at `domain` has this id, or could have it. */
export function isNoticeId(id: string, domain: string): boolean {
  return domain !== "" && FORM.exec(id.trim().toLowerCase())?.groups?.domain === domain;
}
