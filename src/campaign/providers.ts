// Mail providers at which anyone may have an address.

const publicProviders = new Set(
  (
    "qq.com foxmail.com vip.qq.com 163.com 126.com yeah.net vip.163.com sina.com sina.cn sohu.com 139.com 189.cn wo.cn " +
    "aliyun.com 21cn.com tom.com gmail.com outlook.com hotmail.com live.com yahoo.com icloud.com"
  ).split(" "),
);

/** As a unit's domain one of these would give every private mail to that unit; two addresses there are two strangers. */
export function isPublicProvider(domain: string): boolean {
  return publicProviders.has(domain.toLowerCase());
}
