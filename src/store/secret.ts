// Random bytes that only this installation knows, made once on first need and kept with its data.
import { randomBytes } from "node:crypto";
import type { Trx } from "./database.ts";

export async function installationSecret(trx: Trx, purpose: string, now: Date): Promise<Buffer> {
  const known = await knownSecret(trx, purpose);
  if (known) return known;
  await keepSecret(trx, purpose, randomBytes(32), now);
  const made = await knownSecret(trx, purpose);
  if (!made) throw new Error(`the secret for ${purpose} could not be kept`);
  return made;
}

/** One that is kept already stays. */
export async function keepSecret(trx: Trx, purpose: string, secret: Buffer, now: Date): Promise<void> {
  await trx
    .insertInto("installation_secret")
    .values({ purpose, secret, made_at: now })
    .onConflict((conflict) => conflict.column("purpose").doNothing())
    .execute();
}

/** Null while nothing has needed it. */
export async function knownSecret(trx: Trx, purpose: string): Promise<Buffer | null> {
  const row = await trx
    .selectFrom("installation_secret")
    .select("secret")
    .where("purpose", "=", purpose)
    .executeTakeFirst();
  return row?.secret ?? null;
}
