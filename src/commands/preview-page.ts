// The pages of `jinbox templates preview`: one mail with its head, and the list to click through.
import type { Contact, Locale } from "../campaign/campaign.ts";
import { ledgerWords } from "../digest/words.ts";
import type { SampleMail } from "./samples.ts";

export interface Previewed {
  locale: Locale;
  name: string;
  kind: string;
  subject: string;
  fault: string | null;
}

const escaped = (text: string) =>
  text.replace(
    /[&<>"]/g,
    (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign,
  );

const FONT = "font:14px/1.6 'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif";

/** Nothing is fetched from anywhere, whatever a template says (R63). */
const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self' file:">`;

function page(title: string, lang: string, body: string): string {
  return `<!doctype html>
<html lang="${lang}">
<meta charset="utf-8">
${POLICY}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
${body}
</html>
`;
}

export function mailPage(mail: SampleMail, from: Contact, locale: Locale): string {
  const zh = locale === "zh-CN";
  const people = (contacts: Contact[]) => contacts.map(({ name, email }) => `${name} <${email}>`).join(", ");
  const rows: [string, string][] = [
    [zh ? "发件人" : "From", people([from])],
    [zh ? "收件人" : "To", people(mail.to)],
    [zh ? "抄送" : "Cc", people(mail.cc)],
    [zh ? "主题" : "Subject", mail.subject],
    [zh ? "附件" : "Attached", mail.attachments.join(zh ? "、" : ", ")],
  ];
  const head = rows
    .filter(([, value]) => value !== "")
    .map(
      ([name, value]) =>
        `<tr><td style="color:#777;padding:2px 12px 2px 0;white-space:nowrap;vertical-align:top">${name}</td><td>${escaped(value)}</td></tr>`,
    );
  const body = mail.html ?? `<pre style="white-space:pre-wrap">${escaped(mail.text)}</pre>`;
  return page(
    mail.subject,
    locale,
    `<body style="margin:16px;${FONT}"><table style="${FONT};border-collapse:collapse;margin:0 0 16px;padding:0 0 8px;border-bottom:1px solid #ccc">
${head.join("\n")}
</table>
${body}</body>`,
  );
}

const localeNames: Record<Locale, string> = { "zh-CN": "中文", en: "English" };

export function indexPage(all: Previewed[], mistakes: string[], title: string): string {
  const groups = [...Map.groupBy(all, ({ locale }) => locale)].map(([locale, mails]) => {
    const items = mails.map(({ name, kind, subject, fault }) => {
      const link = (extension: string) => escaped(encodeURI(`${locale}/${name}.${extension}`));
      const mark = fault === null ? "" : ' <b style="color:#a4271c">✗</b>';
      return `<li style="margin:0 0 8px"><a target="mail" href="${link("html")}">${escaped(name)}</a>${mark}
<small>· <a target="mail" href="${link("txt")}">txt</a> · <a href="${link("eml")}">eml</a><br>${escaped(ledgerWords(locale).noticeKind[kind] ?? kind)} · ${escaped(subject)}</small></li>`;
    });
    return `<h2 style="font-size:16px">${localeNames[locale]}（${mails.length}）</h2>\n<ul style="padding-left:18px">\n${items.join("\n")}\n</ul>`;
  });
  const faults = mistakes.map((mistake) => `<li>${escaped(mistake)}</li>`);
  const warning =
    faults.length === 0
      ? ""
      : `<ul style="color:#a4271c">\n${faults.join("\n")}\n</ul>\n<p>✗ 用了自带的措辞 / worded with the built-in template</p>`;
  return page(
    title,
    "zh-CN",
    `<body style="margin:0;${FONT};display:flex;height:100vh">
<div style="width:360px;flex:none;overflow:auto;padding:0 16px;border-right:1px solid #ccc;box-sizing:border-box">
<h1 style="font-size:18px">${escaped(title)}</h1>
${warning}
${groups.join("\n")}
</div>
<iframe name="mail" title="mail" style="flex:1;border:0" src="${all[0] ? escaped(encodeURI(`${all[0].locale}/${all[0].name}.html`)) : "about:blank"}"></iframe>
</body>`,
  );
}
