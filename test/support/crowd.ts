// A large office in one stroke: a campaign of many units, and its mails, submissions and notices written by a few statements.
import { sql } from "kysely";
import type { Campaign, Unit } from "../../src/campaign/campaign.ts";
import type { Database } from "../../src/store/database.ts";
import { sampleCampaign } from "../digest/office.ts";

export interface Crowd {
  units: number;
  submissions: number;
  locale?: Campaign["locale"];
}

const zhNames = ["图书馆", "博物馆", "文化馆", "美术馆", "剧团", "䶮溪镇文化站", "非物质文化遗产保护研究所"];
const enNames = [
  "Library",
  "Museum",
  "Arts Centre",
  "Gallery",
  "Theatre",
  "Archive",
  "Institute of Living Heritage",
];

/** So many units; each owes a report, every fifth a plan, and every ninth has nobody to write to. */
export function crowdedCampaign({ units, locale = "zh-CN" }: Pick<Crowd, "units" | "locale">): Campaign {
  const campaign = sampleCampaign(locale);
  const zh = locale === "zh-CN";
  const names = zh ? zhNames : enNames;
  const members = Array.from({ length: units }, (_, n): Unit => {
    const name = names[n % names.length] as string;
    const number = Math.floor(n / names.length) + 1;
    const contact = (who: string) => ({ name: who, email: `${who.toLowerCase()}@u${n}.example` });
    return {
      ...{ code: `u${n}`, name: zh ? `第${number}${name}` : `${name} no. ${number}`, aliases: [] },
      ...{ kind: n % 4 === 0 ? "office" : "grassroots", staff: n % 6 === 5 ? null : 150 + (n % 90) * 4 },
      domains: [`u${n}.example`],
      ...(n % 9 === 8
        ? { liaison: null, head: null }
        : { liaison: contact("liaison"), head: contact("head") }),
      supervisor: null,
    };
  });
  const items = members
    .filter((_, n) => n % 5 === 0)
    .map(({ code, name }, n) => ({
      ...{ code: `plan${n}`, name: zh ? `${name}提升工程` : `Renewal of ${name}`, aliases: [] },
      ...{ unit: code, lead: null },
    }));
  const enDeliverables = ["Ideas", "Summary report", "Engineering plan"];
  return {
    ...campaign,
    title: zh ? campaign.title : "Modern culture: what should we do?",
    office: { ...campaign.office, name: zh ? campaign.office.name : "Campaign office" },
    units: members,
    deliverables: campaign.deliverables.map((one, n) => ({
      ...one,
      name: zh ? one.name : (enDeliverables[n] as string),
      items: one.items.length > 0 ? items : [],
    })),
  };
}

/**
 * Fills an empty database up to 17:30 of `on`: a mail a submission, some held and some duplicates, a notice each. The
 * busiest unit sends most and every fifth nothing; two thirds of the reports came, some of them late.
 */
export async function fillCrowd(db: Database, { units, submissions }: Crowd, on: string): Promise<void> {
  const end = `${on} 17:30+08`;
  const arrived = sql`${end}::timestamptz - (n * interval '20 days' / ${submissions}::int)`;
  // Squared, so that a few units send much; the first four of each five take part.
  const whose = sql`(floor(power((n * 7919 % 1000) / 1000.0, 2) * ${units}::int)::int / 5) * 5 + n % 4`;
  await sql`
    insert into mailbox (name, campaign, uid_validity, live_at, last_read_at)
    values ('crowd', 'WHXDH', 1, ${`${on} 00:00+08`}::timestamptz - interval '60 days', ${end}::timestamptz)`.execute(
    db,
  );
  await sql`
    insert into blob (sha256, bytes, created_at)
    select sha256(convert_to('mail ' || n, 'UTF8')), 10, now() from generate_series(1, ${submissions}::int) n`.execute(
    db,
  );
  await sql`
    insert into message (campaign, sha256, bytes, arrived_at, recorded_at, backlog, state, reason, attempts, handled_at,
      decided_by, origin, from_name, from_address, subject, understanding)
    select 'WHXDH', sha256(convert_to('mail ' || n, 'UTF8')), 10, ${arrived}, ${arrived}, false,
      case when n % 97 = 3 then 'held' when n % 101 = 5 then 'ignored' else 'filed' end,
      case when n % 97 = 3 then 'unit-unsure' when n % 101 = 5 then 'duplicate' end, 1, ${arrived},
      'rules', 'person', '来信人' || n, 'person' || n || '@u' || ${whose} || '.example', '关于改进服务的建议之' || n,
      jsonb_build_object('submissions', '[]'::jsonb,
        'type', jsonb_build_object('value', 'golden-idea', 'confidence', 0.97, 'runnerUp', null),
        'unit', jsonb_build_object('value', 'u1', 'confidence', 0.6,
          'runnerUp', jsonb_build_object('value', 'u2', 'confidence', 0.3)))
    from generate_series(1, ${submissions}::int) n`.execute(db);
  await sql`
    insert into mail_record (mailbox, uid_validity, uid, message_id, recorded_at)
    select 'crowd', 1, id, id, recorded_at from message`.execute(db);
  await sql`
    insert into submission (reference, campaign, message_id, ordinal, type, item, unit, people, title, text, state,
      arrived_at, filed_at, verified, timeliness, provisional, decided_by)
    select 'WHXDH-' || lpad(n::text, 4, '0'), 'WHXDH', m.id, 0, 'golden-idea', null, 'u' || ${whose},
      array['来信人' || n % 900], '关于延长第' || n || '处场馆夜间开放时间的建议',
      repeat('建议延长开放时间，方便上班的读者。', 12), 'current', m.arrived_at, m.arrived_at, true, 'in-time', false, 'rules'
    from generate_series(1, ${submissions}::int) n
      join message m on m.sha256 = sha256(convert_to('mail ' || n, 'UTF8')) where m.state = 'filed'`.execute(
    db,
  );
  // A report is what the first submission of its unit brought instead of an idea.
  await sql`
    update submission set type = 'summary-report', title = '活动总结'
    where id in (select min(id) from submission where unit like 'u%' group by unit having min(id) % 3 > 0)`.execute(
    db,
  );
  await sql`
    insert into notice (campaign, key, kind, to_contacts, cc_contacts, subject, text, html, attachments, rfc_message_id,
      reference_ids, cause_message_id, unit, still_owed, intended_at, not_before, state, settled_at, response)
    select 'WHXDH', 'acknowledgement/' || id, 'acknowledgement',
      jsonb_build_array(jsonb_build_object('name', '', 'email', from_address)), '[]', '已收到', '已收到', null, '[]',
      '<' || id || '@crowd.example>', '[]', id, null, '[]', arrived_at, arrived_at,
      case when id % 89 = 7 then 'rejected' else 'accepted' end, arrived_at + interval '1 minute',
      case when id % 89 = 7 then '550 5.1.1 no such user' else '250 OK' end
    from message where state <> 'ignored'`.execute(db);
  await sql`analyze`.execute(db);
}
