// The mails of the benchmark: ideas of staff in plain text, some with a .docx, some with a .pdf; the same every run.
import { Document, Packer, Paragraph } from "docx";
import MailComposer from "nodemailer/lib/mail-composer/index.js";

export type Mix = "plain" | "mix";

const topics = [
  "夜间开放",
  "流动书车",
  "戏曲进校园",
  "非遗工坊",
  "老年课堂",
  "文物数字化",
  "社区小剧场",
  "志愿讲解",
];
const places = ["老城厢", "工业园", "大学城", "古运河", "新城区", "乡镇站", "地铁口", "湿地公园"];
const units = [
  { name: "市图书馆", domain: "lib.culture.example" },
  { name: "市文化馆", domain: "whg.culture.example" },
  { name: "市博物馆", domain: "museum.culture.example" },
];

/** Mail number `index` of a run; 70 % plain ideas, 20 % with .docx, 10 % with .pdf in the mix. */
export async function benchMail(index: number, mix: Mix, mailbox: string): Promise<Buffer> {
  const unit = units[index % units.length] as (typeof units)[number];
  const topic = topics[index % topics.length] as string;
  const place = places[Math.floor(index / topics.length) % places.length] as string;
  const text = idea(index, topic, place, unit.name);
  const kind = mix === "plain" || index % 10 < 7 ? "plain" : index % 10 < 9 ? "docx" : "pdf";
  const composer = new MailComposer({
    from: { name: `职工${index}`, address: `staff${index}@${unit.domain}` },
    to: mailbox,
    subject: `金点子：${place}${topic}的建议（${index}）`,
    messageId: `<bench-${mix}-${index}@${unit.domain}>`,
    text: kind === "plain" ? text : `领导好，我的金点子见附件，请审阅。\n\n${unit.name} 职工${index}`,
    ...(kind === "docx" && {
      attachments: [{ filename: `${topic}建议${index}.docx`, content: await docxOf(text) }],
    }),
    ...(kind === "pdf" && { attachments: [{ filename: `${topic}建议${index}.pdf`, content: pdfOf(text) }] }),
  });
  return composer.compile().build();
}

function idea(index: number, topic: string, place: string, unit: string): string {
  return [
    `各位领导：`,
    `我是${unit}的职工${index}。围绕“文化现代化，我们怎么办”，我想就${place}的${topic}提一个建议。`,
    `目前${place}周边居民白天上班，晚上和周末才有时间参加活动，而现有的服务时间与需求错开，第${index}号调查也反映了这一点。`,
    `建议由我单位牵头，每周安排两个晚上开展${topic}，由青年骨干轮流值守，每季度公布一次参与人数和满意度，效果好的再推广到其他地方。`,
    `所需经费约${(index % 9) + 1}万元，可在明年的公共文化服务经费中列支，也可以争取社会力量共同参与。`,
    ``,
    `${unit} 职工${index}`,
  ].join("\n");
}

async function docxOf(text: string): Promise<Buffer> {
  return Packer.toBuffer(
    new Document({ sections: [{ children: text.split("\n").map((line) => new Paragraph(line)) }] }),
  );
}

/** A small PDF whose Chinese font is not embedded, as many offices' printers make them (UniGB-UCS2-H). */
export function pdfOf(text: string): Buffer {
  const hex = (line: string) => Buffer.from(line, "utf16le").swap16().toString("hex");
  const lines = text.split("\n").flatMap((line) => line.match(/.{1,30}/gu) ?? []);
  const stream = `BT /F1 12 Tf 50 780 Td 18 TL ${lines.map((line) => `<${hex(line)}> Tj T*`).join(" ")} ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R /DW 1000 >>",
    "<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -220 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -220 /CapHeight 880 /StemV 80 >>",
  ];
  let body = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(body, "latin1");
}
