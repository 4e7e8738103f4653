// Where the makers of documents put what they make, and what they say of it.
import { join } from "node:path";
import type { Known } from "./material.ts";
import { put, run } from "./office.ts";
import type { Format, Sample } from "./sample.ts";

export class Maker {
  readonly samples: Sample[] = [];
  readonly folder: string;
  readonly scratch: string;

  constructor(folder: string) {
    this.folder = folder;
    this.scratch = join(folder, "scratch");
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  /** A file that is there, or will be. */
  add(file: string, format: Format, producer: string, known: Known): void {
    this.samples.push({ file, format, producer, known });
  }

  async put(
    file: string,
    format: Format,
    producer: string,
    content: string | Uint8Array,
    known: Known,
  ): Promise<void> {
    await put(this.folder, file, content);
    this.add(file, format, producer, known);
  }
}

/** Debian's python, whose modules are those of Debian's packages. */
export async function pythonJobs(jobs: object[]): Promise<void> {
  await run("/usr/bin/python3", [join(import.meta.dirname, "make.py")], JSON.stringify(jobs));
}
