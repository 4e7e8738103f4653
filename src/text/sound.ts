// Whether two writings sound alike: input methods offer characters by their sound, and people pick the wrong one.
import { pinyin } from "pinyin-pro";

const SOUNDS_KEPT = 5_000;
const sounds = new Map<string, readonly string[]>();

/** Every reading of a character without its tone, as people who do not tell z from zh and n from ng type it. */
function soundsOf(character: string): readonly string[] {
  const known = sounds.get(character);
  if (known) return known;
  const readings = pinyin(character, { toneType: "none", multiple: true, type: "array" }).map((one) =>
    one.replace(/^([zcs])h/, "$1").replace(/ng$/, "n"),
  );
  if (sounds.size >= SOUNDS_KEPT) sounds.clear();
  sounds.set(character, readings);
  return readings;
}

/** 气公司 and 七公司: as long, and the one character that differs sounds the same. */
export function soundsLike(written: string, meant: string): boolean {
  if (written.length !== meant.length) return false;
  let differing = -1;
  for (let at = 0; at < written.length; at += 1) {
    if (written[at] === meant[at]) continue;
    if (differing >= 0) return false;
    differing = at;
  }
  if (differing < 0) return false;
  const [one, other] = [written[differing]!, meant[differing]!];
  if (!/\p{Script=Han}/u.test(one) || !/\p{Script=Han}/u.test(other)) return false;
  const meantSounds = soundsOf(other);
  return soundsOf(one).some((sound) => meantSounds.includes(sound));
}

/** 马腾飞 → matengfei, the surname as surnames are read (单 as shan). */
export function latinOf(name: string): string {
  return pinyin(name, { toneType: "none", type: "array", surname: "head", v: true }).join("");
}
