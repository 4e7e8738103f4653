// Puts rows into a state no step of theirs leads to: where the story that would bring them there is another test's.
import type { Pool } from "pg";

export async function outOfStep(pool: Pick<Pool, "query">, ...statements: string[]): Promise<void> {
  await pool.query(`begin; set local session_replication_role = replica; ${statements.join("; ")}; commit`);
}
