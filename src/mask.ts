// What must not stand in a log: secrets never; addresses and the words of people only where the operator asks for them (R69).

/** Of this process; each is replaced wherever it stands, however it got there. */
const secrets = new Set<string>();
/** Shorter ones would take ordinary words with them. */
const SECRET_MIN = 4;

/** As it is read, and as it stands in an address. */
export function hideSecret(secret: string): void {
  for (const written of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    if (written.length >= SECRET_MIN) secrets.add(written);
}

export function withoutSecrets(text: string): string {
  let clean = text.replace(/(:\/\/[^\s:@/]*:)[^\s@/]+@/g, "$1***@");
  for (const secret of secrets) clean = clean.replaceAll(secret, "***");
  return clean;
}

/** What our own code and PostgreSQL put into quotes and is nobody's: names of tables, columns, files of the program. */
const OWN_WORD = /^[\w.:/-]{1,100}$/;
/** Looked for where a word begins only: begun anywhere, thousands of letters without a blank would cost their square. */
const ADDRESS =
  /(?<![^\s<>"'“”‘’()[\],;:@])([^\s<>"'“”‘’()[\],;:@])[^\s<>"'“”‘’()[\],;:@]*@((?:[\p{L}\p{N}-]+\.)*[\p{L}\p{N}-]+)/gu;
const QUOTED = /"([^"]*)"|“([^”]*)”|'([^']*)'|《([^》]*)》/g;

/** "张三 <zhang@lib.culture.example>" → "… <z***@lib.culture.example>": what stands in quotes is somebody's words. */
export function withoutPeople(text: string): string {
  return text
    .replace(QUOTED, (whole, ...inside: (string | undefined)[]) => {
      const said = inside.slice(0, 4).find((one) => one !== undefined) ?? "";
      return said === "" || OWN_WORD.test(said) || ADDRESS_ONLY.test(said) ? whole : whole.replace(said, "…");
    })
    .replace(NAMED, "… ")
    .replace(ADDRESS, "$1***@$2");
}

/** Up to four words before an address in brackets; a blank between them, or there is no end of ways to divide a long one. */
const NAMED =
  /(?<![\p{L}\p{N}.·'-])(?:\p{L}[\p{L}\p{N}.·'-]* ){0,3}\p{L}[\p{L}\p{N}.·'-]* ?(?=<[^<>\s@]+@[^<>\s]+>)/gu;
const ADDRESS_ONLY = /^[^\s@]+@[^\s@]+$/;

/** Of an error only these: `detail`, `where` and the like quote the row or the mail that failed. */
const TOLD = [
  "type",
  "name",
  "code",
  "message",
  "stack",
  "severity",
  "constraint",
  "table",
  "syscall",
  "port",
];

/** Enough for any stack; a stranger's words may be a megabyte. */
const LONGEST = 8_000;

/** A log record, masked at every depth. */
export function masked(value: unknown, personal: boolean): unknown {
  if (typeof value === "string") {
    const clean = withoutSecrets(value).slice(0, LONGEST);
    return personal ? clean : withoutPeople(clean);
  }
  if (Array.isArray(value)) return value.map((one) => masked(one, personal));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).flatMap(([name, one]): [string, unknown][] => {
    if (name === "err" || name === "aggregateErrors") return [[name, maskedError(one, personal)]];
    return [[name, masked(one, personal)]];
  });
  return Object.fromEntries(entries);
}

function maskedError(error: unknown, personal: boolean): unknown {
  if (Array.isArray(error)) return error.map((one) => maskedError(one, personal));
  if (personal || error === null || typeof error !== "object") return masked(error, personal);
  return Object.fromEntries(
    Object.entries(error).flatMap(([name, one]) =>
      TOLD.includes(name) ? [[name, masked(one, personal)]] : [],
    ),
  );
}
