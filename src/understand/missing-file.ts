// A mail that speaks of its attachment and has none: nothing of it can be filed, and one thing is to be asked.
import { isFarewell, isGreeting } from "./letter.ts";
import type { Pieces } from "./pieces.ts";

const SPEAKS_OF_FILE =
  /(?:详?见|请?(?:查收|查看|审阅)|发上?|附上?|报上|呈上|随信|在)(?:于|了)?[^,，。;；\n]{0,6}附件|附件(?:是|为|中|里|如下|请|已|呈|一并|见|附上)|附上[^,，。;；\n]{0,16}|见附|随(?:信|函)附|attached|attachment|enclosed/;
/** Of what remains beside the words about the file: who sends, and of what kind it is. */
const SAYS_NOTHING = 30;
const CONTENT =
  /建议|希望|能否|可否|应当?该|不如|因为|由于|目前|现在|开展|组织|完成了?|召开|[一二三]、|[?？]|suggest|propose|because/;

export function speaksOfMissingFile({ pieces, newLines }: Pieces): boolean {
  if (pieces.some((piece) => piece.source === "document")) return false;
  const said = newLines.filter((line) => !isGreeting(line.plain) && !isFarewell(line.plain));
  const clauses = said.flatMap((line) => line.plain.split(/[。！？!?；;，,\n]/));
  if (!clauses.some((clause) => SPEAKS_OF_FILE.test(clause))) return false;
  const rest = clauses.filter((clause) => !SPEAKS_OF_FILE.test(clause)).join("");
  return rest.length <= SAYS_NOTHING && !CONTENT.test(said.map((line) => line.plain).join("\n"));
}
