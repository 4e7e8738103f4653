// Why a mail server could not be reached or did not let us in, and what to do, by the code of the error.
import type { Words } from "../command.ts";

/** The server as configured, and the keys that say so. */
export interface Server {
  host: string;
  port: number;
  secure: boolean;
  user: string | null;
  /** "mailbox.imap" or "smtp" */
  key: string;
  /** The variable that holds its secret. */
  secret: string;
  protocol: "IMAP" | "SMTP";
}

export interface Diagnosis {
  saw: Words;
  advice: Words;
}

/** The fields that node:net, node:tls, imapflow and nodemailer put on their errors. */
interface ConnectionError extends Error {
  code?: string;
  response?: string;
  responseText?: string;
  authenticationFailed?: boolean;
}

export function diagnose(thrown: unknown, server: Server): Diagnosis {
  const error = thrown as ConnectionError;
  const said = (error.responseText || error.response || error.message || String(error)).trim();
  const code = codeOf(error);
  if (/unsafe login/i.test(`${said} ${error.response ?? ""}`)) return unsafeLogin(said);
  if (error.authenticationFailed || code === "EAUTH") return loginRefused(said, server);
  const place = `${server.host}:${server.port}`;
  if (/^(ENOTFOUND|EAI_AGAIN|EDNS)$/.test(code)) return hostNotFound(server);
  if (code === "ECONNREFUSED") return refused(place, server);
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH/.test(code))
    return badCertificate(code, said, place);
  if (/^(EPROTO|ETLS|ERR_SSL.*)$/.test(code) || /wrong version number|ssl routines/i.test(said)) {
    return wrongEncryption(said, server);
  }
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return silent(place, server);
  return {
    saw: { zh: `${place} 的连接断了：${said}`, en: `the connection to ${place} broke: ${said}` },
    advice: {
      zh: `检查网络、防火墙，以及 ${server.key} 的 host、port、secure`,
      en: `check the network, the firewall, and host, port and secure under ${server.key}`,
    },
  };
}

/** Where only the words of OpenSSL are left of its code. */
const certificateWords: [RegExp, string][] = [
  [/certificate has expired/i, "CERT_HAS_EXPIRED"],
  [/certificate is not yet valid/i, "CERT_NOT_YET_VALID"],
  [/does not match certificate's altnames/i, "ERR_TLS_CERT_ALTNAME_INVALID"],
  [/self-?signed certificate/i, "DEPTH_ZERO_SELF_SIGNED_CERT"],
  [/unable to (verify the first|get local issuer) certificate/i, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
];

/** nodemailer puts a code of its own (ESOCKET) on failures of network and TLS; the first one is in the words. */
function codeOf({ code = "", message }: ConnectionError): string {
  const words = certificateWords.find(([pattern]) => pattern.test(message))?.[1];
  const network = /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|EHOSTUNREACH)\b/.exec(
    message,
  )?.[1];
  return words ?? (/^(ESOCKET|ECONNECTION|NoConnection|)$/.test(code) ? (network ?? code) : code);
}

function hostNotFound({ host, key }: Server): Diagnosis {
  return {
    saw: { zh: `找不到服务器 ${host}`, en: `no server by the name ${host}` },
    advice: {
      zh: `检查 ${key}.host 有没有写错；若没有，检查本机的网络和 DNS`,
      en: `check the spelling of ${key}.host; if it is right, this machine's network and DNS`,
    },
  };
}

function refused(place: string, { key, protocol }: Server): Diagnosis {
  const ports = protocol === "IMAP" ? "993（加密）/ 143" : "465（加密）/ 587";
  return {
    saw: { zh: `${place} 拒绝连接`, en: `${place} refuses connections` },
    advice: {
      zh: `检查 ${key}.port（${protocol} 常用 ${ports}）；自建服务器请确认服务已启动`,
      en: `check ${key}.port (${protocol} usually ${ports}); on a server of your own, see that it is running`,
    },
  };
}

function silent(place: string, { key, secure, protocol }: Server): Diagnosis {
  const encryption = secure
    ? { zh: "", en: "" }
    : {
        zh: `；若该端口是加密端口，写 ${key}.secure: true`,
        en: `; if the port expects TLS from the start, write ${key}.secure: true`,
      };
  const blocked =
    protocol === "SMTP"
      ? { zh: "（很多云服务器封 25 端口，请用 465）", en: " (many clouds block 25: use 465)" }
      : { zh: "", en: "" };
  return {
    saw: { zh: `${place} 没有应答`, en: `${place} does not answer` },
    advice: {
      zh: `检查防火墙是否放行这个端口${blocked.zh}${encryption.zh}`,
      en: `see that the firewall lets this port through${blocked.en}${encryption.en}`,
    },
  };
}

function badCertificate(code: string, said: string, place: string): Diagnosis {
  const saw = {
    zh: `${place} 的证书不可信：${said}（${code}）`,
    en: `${place} shows an untrusted certificate: ${said}`,
  };
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    const advice = {
      zh: "先核对本机日期时间；若无误，请服务器管理员更换证书",
      en: "first check this machine's date; if it is right, ask the server's administrator to renew the certificate",
    };
    return { saw, advice };
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const advice = {
      zh: "host 要写证书上的服务器名，不要写 IP 地址或别名",
      en: "write the host name the certificate is for, not an IP address or another name",
    };
    return { saw, advice };
  }
  const advice = {
    zh: "自建服务器的根证书用环境变量 NODE_EXTRA_CA_CERTS=/路径/ca.pem 告知；公共邮箱出现此项时不要继续，可能有人拦截",
    en: "for a server of your own, name its CA by NODE_EXTRA_CA_CERTS=/path/ca.pem; with a public provider do not go on: someone may be listening in",
  };
  return { saw, advice };
}

function wrongEncryption(said: string, { key, port, secure }: Server): Diagnosis {
  return {
    saw: { zh: `${port} 端口的加密方式不符：${said}`, en: `port ${port} speaks another encryption: ${said}` },
    advice: {
      zh: `${secure ? `这个端口不是直接加密的：写 ${key}.secure: false` : `写 ${key}.secure: true`}，或改用 993 / 465 端口`,
      en: `${secure ? `TLS does not start at once here: write ${key}.secure: false` : `write ${key}.secure: true`}, or use port 993 / 465`,
    },
  };
}

function unsafeLogin(said: string): Diagnosis {
  return {
    saw: { zh: `网易邮箱拒绝打开文件夹：${said}`, en: `NetEase refuses to open the folder: ${said}` },
    advice: {
      zh: "已按网易要求报过客户端身份（ID）；请登录网页邮箱确认这次登录，重新生成授权码，仍不行再联系网易客服",
      en: "the client did identify itself (ID); confirm the login in the webmail, make a new authorisation code, then ask NetEase",
    },
  };
}

function loginRefused(said: string, server: Server): Diagnosis {
  const where = codeWhere(server.host);
  return {
    saw: {
      zh: `${server.host} 拒绝 ${server.user} 登录：${said}`,
      en: `${server.host} refuses ${server.user}: ${said}`,
    },
    advice: {
      zh: `${server.secret} 要填${where.zh}；用户名写完整地址（${server.key}.user）`,
      en: `${server.secret} must be ${where.en}; the user is the whole address (${server.key}.user)`,
    },
  };
}

/** Where each provider keeps what a program logs in with. */
export function codeWhere(host: string): Words {
  if (/(^|\.)exmail\.qq\.com$/i.test(host)) {
    return {
      zh: "“客户端专用密码”：企业邮箱网页 → 设置 → 收发信设置开启 IMAP/SMTP 服务；设置 → 邮箱绑定开启安全登录，再生成客户端专用密码（管理员须先在后台允许该成员使用 IMAP/SMTP）",
      en: "a client password: Settings → switch on IMAP/SMTP; Settings → binding → secure login → new client password (the administrator must allow IMAP/SMTP for this member first)",
    };
  }
  if (/(^|\.)qq\.com$/i.test(host)) {
    return {
      zh: "“授权码”而不是 QQ 密码：QQ 邮箱网页 → 设置 → 账号 → 开启 IMAP/SMTP 服务 → 生成授权码（改 QQ 密码后要重新生成）",
      en: "an authorisation code, not the QQ password: QQ Mail → Settings → Account → IMAP/SMTP on → generate (again after each change of the QQ password)",
    };
  }
  if (/(^|\.)(163|126|yeah)\.(com|net)$/i.test(host)) {
    return {
      zh: "“授权密码（授权码）”而不是登录密码：网易邮箱网页 → 设置 → POP3/SMTP/IMAP → 开启 IMAP/SMTP 服务 → 新增授权密码（有有效期，到期要续）",
      en: "an authorisation code, not the login password: NetEase webmail → Settings → POP3/SMTP/IMAP → IMAP/SMTP on → new code (it expires)",
    };
  }
  return {
    zh: "正确的密码（QQ、163、企业邮箱须用“授权码”，不是登录密码），并在网页邮箱的设置中开启 IMAP/SMTP 服务",
    en: "the right password (QQ, 163 and Tencent Exmail want an authorisation code, not the login password), with IMAP/SMTP switched on in the webmail's settings",
  };
}
