// A failure outside the program is told in both languages, with its place and what to do.
import { readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { failureText } from "../../src/text/failure.ts";

test("a missing folder and a file in place of a folder are named", async () => {
  const missing = await readdir("/nonexistent/mails").catch(failureText);
  expect(missing).toBe(
    "找不到 /nonexistent/mails，请检查名称和位置 / /nonexistent/mails does not exist: check the name and the place",
  );
  expect(await readdir("/etc/hostname").catch(failureText)).toContain("不是文件夹");
});

test("a place that cannot be written is named", async () => {
  const text = await writeFile("/proc/jinbox", "").catch(failureText);
  expect(text).toContain("/proc/jinbox");
  expect(text).not.toContain("ENOENT");
});

test("a taken port is named", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as { port: number };
  const error = await new Promise((done) => createServer().once("error", done).listen(port, "127.0.0.1"));
  server.close();
  expect(failureText(error)).toContain(`端口 ${port} 已被占用`);
});

test("an error of another kind keeps its own words", () => {
  expect(failureText(new Error("the schema is newer than this program"))).toBe(
    "the schema is newer than this program",
  );
  expect(failureText("plain")).toBe("plain");
});
