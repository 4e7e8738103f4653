// Every mail jinbox writes, in every state it can show, as samples: for the preview and for the doctor.
import type { Campaign } from "../campaign/campaign.ts";
import { sampleDigests } from "../digest/samples.ts";
import type { NoticeIntent } from "../notice/notice.ts";
import { sampleNotices } from "../notice/wording/samples.ts";

/** What a sample shows of a mail. */
export type SampleMail = Pick<
  NoticeIntent,
  "kind" | "to" | "cc" | "subject" | "text" | "html" | "wordingFault"
> & {
  attachments: string[];
};

export interface Sample {
  name: string;
  compose(): Promise<SampleMail | null>;
}

export async function everySample(campaign: Campaign): Promise<Sample[]> {
  const notices = sampleNotices(campaign).map(({ name, compose }) => ({
    name,
    compose: async () => {
      const intent = await compose();
      return intent && { ...intent, attachments: intent.attachments.map(({ filename }) => filename) };
    },
  }));
  const digests = sampleDigests(campaign).map(({ name, compose }) => ({
    name,
    compose: async () => ({
      ...(await compose()),
      ...{ kind: "digest" as const, to: campaign.office.members, cc: [] },
      attachments: [`${campaign.code}.xlsx`],
    }),
  }));
  return [...notices, ...digests];
}
