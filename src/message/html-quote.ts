// Which elements of an HTML mail hold the mail that is answered, so that their lines are marked as plain text marks them.

/** What mail programs alone write: an editor's button for setting words in also makes a <blockquote>. */
const QUOTES = {
  blockquote:
    /\btype\s*=\s*["']?cite\b|\b(?:class|id)\s*=\s*["'][^"']{0,100}(?:quote|cite|reply)|\bid\s*=\s*["']?isReplyContent\b|\bborder-left(?:-width)?\s*:[^;"']{0,40}(?:solid|\dpx)/i,
  div: /\bid\s*=\s*["']?isReplyContent\b|\bclass\s*=\s*["'][^"']{0,100}(?:yahoo_quoted|protonmail_quote|gmail_quote(?!_attribution)|zmail_extra|moz-cite)/i,
} as const;

/** A mail that is passed on is no quotation: its fields stand above it, or the line that says so. */
const PASSED_ON = /forwarded|转发|^[\s*]*(?:发件人|寄件人|from)\s*[:：]/im;
const LOOKED_AT = 4;

/** The outermost such element that is open. */
export class QuotedElement {
  #name = "";
  #depth = 0;
  #start = 0;

  /** Meets a tag. */
  tag(name: string, isEnd: boolean, attributes: string): "begins" | "ends" | null {
    if (this.#depth > 0) {
      if (name !== this.#name) return null;
      this.#depth += isEnd ? -1 : 1;
      return this.#depth === 0 ? "ends" : null;
    }
    if (isEnd || (name !== "blockquote" && name !== "div") || !QUOTES[name].test(attributes)) return null;
    this.#name = name;
    this.#depth = 1;
    return "begins";
  }

  begin(lines: string[]): void {
    this.#start = lines.length;
  }

  /** Marks the lines since its beginning. */
  end(lines: string[]): void {
    this.#depth = 0;
    const first = lines.slice(this.#start).filter((line) => line.trim() !== "");
    if (PASSED_ON.test(first.slice(0, LOOKED_AT).join("\n"))) return;
    for (let at = this.#start; at < lines.length; at++) lines[at] = `> ${lines[at]}`.trimEnd();
  }

  get isOpen(): boolean {
    return this.#depth > 0;
  }
}
