// The closed list of reason codes, with the words a sender and the office read. One list, so that acknowledgement,
// console, digest and `explain` say the same thing.

export type ReasonCode =
  // a mail that waits for the office
  | "unparseable"
  | "sender-unclear"
  | "unit-unknown"
  | "unit-unsure"
  | "type-unsure"
  | "nothing-found"
  | "attachment-missing"
  | "large-file-link"
  | "question"
  | "correction-unclear"
  | "correction-unauthorised"
  | "office-decided"
  | "same-id-different-content"
  | "mail-loop"
  | "processing-failed"
  | "oversize"
  // a mail that needs nothing
  | "duplicate"
  | "thanks"
  | "spam"
  | "own-mail"
  | "auto-reply"
  | "bounce"
  | "receipt"
  | "mailing-list"
  | "office-dismissed"
  // an attachment that could not be read
  | "empty-file"
  | "corrupt"
  | "password-protected"
  | "rights-managed"
  | "format-unsupported"
  | "name-misleads"
  | "split-archive"
  | "no-text"
  | "executable"
  | "media"
  | "too-large"
  | "too-slow"
  | "too-much-memory"
  | "reader-failed"
  // an attachment that need not be read
  | "decoration"
  | "machine-part";

export interface ReasonWords {
  /** A short label for lists. */
  label: string;
  /** What happened and what to do, said to the sender; empty when the sender is never told. */
  sender: string;
}

type Wording = Record<ReasonCode, readonly [label: string, sender: string]>;

const chinese: Wording = {
  unparseable: [
    "邮件无法解析",
    "邮件格式有误，系统未能完整读取，已转工作人员查看。如不便等候，请将内容另写一封邮件重新发送。",
  ],
  "sender-unclear": [
    "发件人不明确",
    "邮件的发件人一栏不是唯一的邮箱地址，无法确认由谁报送，请用一个邮箱重新发送。",
  ],
  "unit-unknown": ["单位未识别", "未能看出您所在的单位，请直接回复本邮件，写明单位全称。"],
  "unit-unsure": ["单位待确认", "您所在的单位还不能确定，请直接回复本邮件，写明单位全称。"],
  "type-unsure": ["类别待确认", "未能确定您报送的是哪一类材料，请直接回复本邮件说明。"],
  "nothing-found": ["未发现报送内容", "邮件中没有找到报送的内容或附件，请检查后重新发送。"],
  "attachment-missing": [
    "提到附件而未附",
    "您的来信提到附件，但没有收到附件，请直接回复本邮件，附上文件；也可以把内容直接写在信里。",
  ],
  "large-file-link": [
    "附件只是下载链接",
    "您的文件是以超大附件或网盘链接的形式发来的，链接会过期，系统不能自动下载，请以普通附件重新发送（40 MB 以内，过大请压缩或拆分）。",
  ],
  question: ["咨询", "您咨询的问题，将由工作人员答复。"],
  "correction-unclear": [
    "更正内容不明确",
    "未能看懂需要更正的内容，请直接回复本邮件，写明编号和要改的地方。",
  ],
  "correction-unauthorised": [
    "更正须本人或本单位办理",
    "为防止误改，更正须由原发件人或该单位的登记联系人发出，请用原邮箱重新发送，或请联系人代为办理；改归另一个单位的，由工作人员核实后办理，您无需重发。",
  ],
  "office-decided": ["工作人员已核定", "这一项已由工作人员核定，您的更正已转工作人员查看，您无需重发。"],
  "same-id-different-content": [
    "邮件标识重复而内容不同",
    "本次来信与此前一封邮件的标识相同而内容不同，已转工作人员核对，您无需处理。",
  ],
  "mail-loop": ["邮件循环", ""],
  "processing-failed": ["处理未完成", "系统处理时遇到问题，邮件已完整保存，将由工作人员处理，您无需重发。"],
  oversize: ["邮件过大", "邮件超过大小限制，未能读取，请压缩附件或分几封邮件重新发送。"],
  duplicate: ["重复邮件", "与此前收到的邮件内容相同，不再重复登记。"],
  thanks: ["致谢", ""],
  spam: ["垃圾邮件", ""],
  "own-mail": ["本系统发出的邮件", ""],
  "auto-reply": ["自动回复", ""],
  bounce: ["退信", ""],
  receipt: ["已读回执", ""],
  "mailing-list": ["群发邮件", ""],
  "office-dismissed": ["工作人员已忽略", ""],
  "empty-file": ["空文件", "文件是空的，没有内容，请检查后重新发送。"],
  corrupt: ["文件损坏", "文件已损坏，无法打开，请在您的电脑上确认能正常打开后重新发送。"],
  "password-protected": [
    "文件有密码",
    "文件设有密码，无法打开，用邮件告知密码也无法打开。请取消密码后重新发送。",
  ],
  "rights-managed": [
    "文件受权限保护",
    "文件设有版权或权限保护（如加密软件、阅读授权），无法打开，请解除保护后另存为普通的 Word 或 PDF 文件重新发送。",
  ],
  "format-unsupported": [
    "格式不支持",
    "无法读取这种格式的文件，请另存为 Word（.docx）或 PDF 格式（照片请存为 JPG）后重新发送。",
  ],
  "name-misleads": [
    "内容与文件名不符",
    "文件的内容与文件名的格式不符，无法打开，可能被单位的加密软件加密，或者已经损坏，请解密后另存为普通的 Word 或 PDF 文件重新发送。",
  ],
  "split-archive": [
    "分卷压缩包不完整",
    "收到的是分卷压缩包的一部分，或压缩包不完整，无法打开，请合成一个压缩包，或不压缩、分几封邮件重新发送。",
  ],
  "no-text": [
    "未读出文字",
    "文件中没有读出文字，可能是不清晰的扫描件或图片，请另附可编辑的 Word 文件（盖章扫描件可一并发送）。",
  ],
  executable: [
    "可执行文件",
    "为了安全，系统不打开程序文件，请将内容另存为普通的 Word 或 PDF 文件后重新发送。",
  ],
  media: ["音视频文件", "系统不读取音频和视频的内容，文件已保存；如有文字材料，请另行发送。"],
  "too-large": ["内容过大", "文件过大，系统只能读取一部分或无法读取，请压缩或拆分后重新发送。"],
  "too-slow": ["读取超时", "文件过于复杂，系统未能在规定时间内读完，请另存为 PDF 或拆分后重新发送。"],
  "too-much-memory": ["占用内存过多", "文件过于复杂，系统无法读取，请另存为 PDF 或拆分后重新发送。"],
  "reader-failed": [
    "读取失败",
    "读取文件时出现问题，文件已保存，将由工作人员查看；您也可以另存为 PDF 后重新发送。",
  ],
  decoration: ["签名图片等装饰", ""],
  "machine-part": ["邮件软件的附加部分", ""],
};

const english: Wording = {
  unparseable: [
    "Mail could not be parsed",
    "Your mail is not well formed and could not be read completely. The office will look at it. If you cannot wait, please send the content again in a new mail.",
  ],
  "sender-unclear": [
    "Sender unclear",
    "The From line of your mail does not name exactly one mailbox, so we cannot tell who sent it. Please send it again from one mailbox.",
  ],
  "unit-unknown": [
    "Unit not recognised",
    "We could not tell which unit you belong to. Please reply with its full name.",
  ],
  "unit-unsure": [
    "Unit to be confirmed",
    "We are not sure which unit you belong to. Please reply with its full name.",
  ],
  "type-unsure": [
    "Kind to be confirmed",
    "We are not sure what you are submitting. Please reply and tell us.",
  ],
  "nothing-found": [
    "Nothing submitted",
    "We found neither content nor an attachment to file in your mail. Please check it and send it again.",
  ],
  "attachment-missing": [
    "Attachment missing",
    "Your mail speaks of an attachment, but none arrived. Please reply to this mail and attach the file, or write its content into the mail.",
  ],
  "large-file-link": [
    "File sent as a link",
    "Your file came as a download link, which expires and is not fetched automatically. Please send it again as an ordinary attachment (under 40 MB, compressed or split if necessary).",
  ],
  question: ["Question", "The office will answer your question."],
  "correction-unclear": [
    "Correction unclear",
    "We could not tell what is to be corrected. Please reply with the reference number and the change.",
  ],
  "correction-unauthorised": [
    "Correction from someone else",
    "A correction must come from the original sender or the unit's registered contact. Please send it from the original mailbox, or ask the contact to do so.",
  ],
  "office-decided": [
    "decided by the office",
    "This was settled by our office; your correction was passed on to them, and you need not send it again.",
  ],
  "same-id-different-content": [
    "Same Message-ID, different content",
    "Your mail carries the identifier of an earlier one but other content. The office will compare them; you need do nothing.",
  ],
  "mail-loop": ["Mail loop", ""],
  "processing-failed": [
    "Processing failed",
    "Something went wrong on our side. Your mail is kept in full and the office will deal with it; you need not send it again.",
  ],
  oversize: [
    "Mail too large",
    "Your mail exceeds the size limit and could not be read. Please compress the attachments or send them in several mails.",
  ],
  duplicate: ["Duplicate", "The same content has been received before, so it is not filed again."],
  thanks: ["Thanks", ""],
  spam: ["Spam", ""],
  "own-mail": ["Our own mail", ""],
  "auto-reply": ["Automatic reply", ""],
  bounce: ["Bounce", ""],
  receipt: ["Read receipt", ""],
  "mailing-list": ["Mailing list", ""],
  "office-dismissed": ["Dismissed by the office", ""],
  "empty-file": ["Empty file", "The file is empty. Please check it and send it again."],
  corrupt: [
    "Damaged file",
    "The file is damaged and cannot be opened. Please make sure that it opens on your computer and send it again.",
  ],
  "password-protected": [
    "Password-protected",
    "The file is protected by a password and cannot be opened; a password sent by mail does not help. Please remove it and send the file again.",
  ],
  "rights-managed": [
    "Rights-managed",
    "The file is protected by digital rights management and cannot be opened. Please save it as a plain Word or PDF file without protection and send it again.",
  ],
  "format-unsupported": [
    "Format not supported",
    "Files of this format cannot be read. Please save it as Word (.docx) or PDF, a photograph as JPG, and send it again.",
  ],
  "name-misleads": [
    "Content does not match the name",
    "The file's content is not what its name says and cannot be opened; it may have been encrypted by your organisation's software, or be damaged. Please decrypt it, save it as a plain Word or PDF file and send it again.",
  ],
  "split-archive": [
    "Part of a split archive",
    "The file is one part of a split archive, or an incomplete archive, and cannot be opened. Please send one whole archive, or the files themselves in several mails.",
  ],
  "no-text": [
    "No text found",
    "No text could be read from the file; it may be an unclear scan or a picture. Please send an editable Word file.",
  ],
  executable: [
    "Executable file",
    "For safety, programs are not opened. Please save the content as a plain Word or PDF file and send it again.",
  ],
  media: [
    "Audio or video",
    "The content of audio and video files is not read; the file is kept. If there is a text, please send it as well.",
  ],
  "too-large": [
    "Too large",
    "The file is too large to be read, or to be read in full. Please compress or split it and send it again.",
  ],
  "too-slow": [
    "Reading took too long",
    "The file is too complex to be read in time. Please save it as PDF or split it and send it again.",
  ],
  "too-much-memory": [
    "Reading needed too much memory",
    "The file is too complex to be read. Please save it as PDF or split it and send it again.",
  ],
  "reader-failed": [
    "Reading failed",
    "Something went wrong while reading the file. It is kept and the office will look at it; you may also save it as PDF and send it again.",
  ],
  decoration: ["Decoration", ""],
  "machine-part": ["Part written by mail software", ""],
};

/** Every code, for tests and lists. */
export const REASON_CODES = Object.keys(chinese) as ReasonCode[];

/** What a code is called and what the sender is told, in the campaign's language. */
export function reasonWords(code: ReasonCode, locale: "zh-CN" | "en"): ReasonWords {
  const [label, sender] = (locale === "en" ? english : chinese)[code];
  return { label, sender };
}
