// Who the envelope of a notice comes from, and so where its bounces go; a server that refuses it is given the account (R46).
import type { SmtpSettings } from "../campaign/campaign.ts";
import type { Logger } from "../log.ts";
import type { OutgoingNotice } from "./compose.ts";

/** What the server knows us by: the only sender QQ and 163 take. */
export function accountOf({ user }: SmtpSettings, { from }: Pick<OutgoingNotice, "from">): string {
  return user?.includes("@") ? user : from.email;
}

export interface EnvelopeSender {
  /** "" for the null sender. */
  address(notice: Pick<OutgoingNotice, "from">): string;
  /** The server takes the account and not this one. */
  refused(response: string): void;
}

export function envelopeSender(settings: SmtpSettings, log: Logger): EnvelopeSender {
  let { mailFrom = "account" } = settings;
  return {
    address: (notice) =>
      mailFrom === "account" ? accountOf(settings, notice) : mailFrom === "null" ? "" : mailFrom,
    refused: (response) => {
      if (mailFrom === "account") return;
      log.warn(
        { mailFrom, response },
        "the server refuses smtp.mailFrom as sender; it is the account from now on",
      );
      mailFrom = "account";
    },
  };
}
