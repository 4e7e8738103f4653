// Lines of rich text as paragraphs, cells and rows end: RTF only says where they do, never where they begin.

/** Word allows a few tables in one another. */
const MAX_LEVELS = 20;

interface Level {
  /** Lines of the cell that is open; on the lowest level, of the whole story. */
  lines: string[];
  cells: string[];
}

/** The body, or one note, box, comment or page margin. */
export class RtfStory {
  /** 0 is outside of tables, 1 in a table, 2 in a table within a cell … */
  readonly #levels: Level[] = [{ lines: [], cells: [] }];
  #line = "";
  /** The automatic number before it: without words it is one of a column of numbers, or nothing. */
  #label = "";
  /** Boxes hang in the middle of a paragraph, and are read after it. */
  #after: string[] = [];

  add(text: string): void {
    this.#line += text;
  }

  addLabel(label: string): void {
    if (this.#line === "") this.#label += label;
    else this.#line += label;
  }

  addBox(lines: string): void {
    this.#after.push(lines);
  }

  /** `level` is that of the paragraph that ends. */
  endParagraph(level: number): void {
    this.#closeAbove(Math.min(level, MAX_LEVELS));
    if (level === 0 && this.#line.trim() === "") this.#label = "";
    this.#write(this.#level(level).lines);
  }

  endCell(level: number): void {
    this.#closeAbove(Math.min(Math.max(1, level), MAX_LEVELS));
    const { lines, cells } = this.#level(Math.max(1, level));
    this.#write(lines);
    cells.push(lines.splice(0).join("\n").trimEnd());
  }

  endRow(level: number): void {
    const own = Math.min(Math.max(1, level), MAX_LEVELS);
    this.#closeAbove(own);
    if (this.#line.trim() !== "" || this.#label !== "") this.endCell(own);
    this.#closeRow(own);
  }

  /** Everything, when the story is over. */
  text(): string {
    if (this.#line !== "" || this.#label !== "" || this.#after.length > 0) this.endParagraph(0);
    this.#closeAbove(0);
    return (this.#levels[0]?.lines ?? []).join("\n");
  }

  #level(level: number): Level {
    const wanted = Math.min(level, MAX_LEVELS);
    while (this.#levels.length <= wanted) this.#levels.push({ lines: [], cells: [] });
    return this.#levels[wanted] as Level;
  }

  #write(lines: string[]): void {
    lines.push(this.#label + this.#line);
    this.#label = "";
    for (const box of this.#after) lines.push(box);
    this.#line = "";
    this.#after = [];
  }

  /** A row without its end is one all the same when words follow outside of it. */
  #closeAbove(level: number): void {
    for (let above = this.#levels.length - 1; above > level; above--) this.#closeRow(above);
  }

  #closeRow(level: number): void {
    const { lines, cells } = this.#level(level);
    if (lines.length > 0) cells.push(lines.splice(0).join("\n").trimEnd());
    if (cells.length > 0) this.#level(level - 1).lines.push(cells.splice(0).join("\t"));
  }
}
