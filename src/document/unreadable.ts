// Raised by a format reader that knows why a document cannot be read; any other error means the bytes are damaged.
import type { ReasonCode } from "../text/reason.ts";

export class Unreadable extends Error {
  readonly reason: ReasonCode;

  constructor(reason: ReasonCode, detail: string) {
    super(detail);
    this.reason = reason;
  }
}
