// For campaigns that tests build by hand: nothing is ever due to be removed.
import type { Retention } from "../../src/campaign/campaign.ts";

export const keepEverything: Retention = {
  ...{ automatic: null, held: null, mail: null, attachments: null },
  ...{ notices: null, people: null, submissions: null },
};
