// Is this machine fit: room on the disk, and a clock that others agree with?
import { access, constants, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { isoInZone } from "../../text/dates.ts";
import { type Comparison, type Finding, fault, ok, warning } from "./finding.ts";

const gigabyte = 1024 ** 3;

export async function checkDisk(dataDirectory: string): Promise<Finding[]> {
  const folder = await nearestExisting(dataDirectory);
  const isWritable = await access(folder, constants.W_OK).then(
    () => stat(folder).then((found) => found.isDirectory()),
    () => false,
  );
  if (!isWritable) {
    const saw = {
      zh: `数据目录 ${dataDirectory} 不可写`,
      en: `the data directory ${dataDirectory} cannot be written`,
    };
    const advice = {
      zh: `给运行 jinbox 的账号写 ${folder} 的权限，或用 JINBOX_DATA 另指一处`,
      en: `let the account running jinbox write to ${folder}, or name another place by JINBOX_DATA`,
    };
    return [fault("disk", saw, advice)];
  }
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / gigabyte;
  const saw = {
    zh: `数据目录 ${dataDirectory} 可写，剩余 ${free.toFixed(1)} GB`,
    en: `the data directory ${dataDirectory} is writable, ${free.toFixed(1)} GB free`,
  };
  const advice = {
    zh: "清出空间；磁盘满了就收不下新邮件",
    en: "make room: a full disk can take no new mail",
  };
  if (free < 0.5) return [fault("disk", saw, advice)];
  return [free < 5 ? warning("disk", saw, advice) : ok("disk", saw.zh, saw.en)];
}

async function nearestExisting(path: string): Promise<string> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  return exists || dirname(path) === path ? path : nearestExisting(dirname(path));
}

/** Beyond this, reminders go out at visibly wrong times and TLS certificates may seem invalid. */
const toleratedMs = 120_000;

export function checkClock(now: Date, comparisons: Comparison[], zone: string): Finding[] {
  const here = isoInZone(now, zone);
  const wrong = comparisons.filter(({ at, isPast }) => {
    const aheadMs = at.getTime() - now.getTime();
    return aheadMs > toleratedMs || (!isPast && aheadMs < -toleratedMs);
  });
  const [first] = wrong;
  if (first) {
    const there = isoInZone(first.at, zone);
    const minutes = Math.round((now.getTime() - first.at.getTime()) / 60_000);
    const saw = {
      zh: `本机时间 ${here} 与${first.with.zh} ${there} 相差 ${minutes} 分钟`,
      en: `this machine says ${here}, ${first.with.en} ${there}: ${minutes} minutes apart`,
    };
    const advice = {
      zh: "打开自动对时（NTP）：timedatectl set-ntp true",
      en: "switch on NTP: timedatectl set-ntp true",
    };
    return [fault("clock", saw, advice)];
  }
  if (comparisons.length === 0) {
    const saw = {
      zh: `本机时间 ${here}，没有可比对的时钟`,
      en: `this machine says ${here}; nothing to compare`,
    };
    const advice = { zh: "看一眼日期时间对不对", en: "see for yourself whether that is right" };
    return [warning("clock", saw, advice)];
  }
  const names = comparisons.map((comparison) => comparison.with);
  const zh = `与${names.map((name) => name.zh).join("、")}相符`;
  return [ok("clock", zh, `agrees with ${names.map((name) => name.en).join(", ")}`)];
}
