// What a person reads when a command fails for a reason outside the program: what happened, to what, and what to do.

const advice: Record<string, (path: string) => string> = {
  ENOENT: (path) => `找不到 ${path}，请检查名称和位置 / ${path} does not exist: check the name and the place`,
  ENOTDIR: (path) => `${path} 不是文件夹 / ${path} is not a folder`,
  EACCES: (path) =>
    `没有权限读写 ${path}，请换用有权限的账户或换一个位置 / no permission for ${path}: use an account that has it, or another place`,
  EROFS: (path) => `${path} 所在的磁盘是只读的 / the disk of ${path} is read-only`,
  ENOSPC: (path) =>
    `磁盘已满，写不下 ${path}，请清理后重试 / the disk is full, ${path} could not be written: make room and try again`,
  EADDRINUSE: (path) => `端口 ${path} 已被占用，请换一个 / port ${path} is taken: choose another`,
};
advice.EPERM = advice.EACCES as (path: string) => string;

/** One line in Chinese and English for a system error that names its place; any other error in its own words. */
export function failureText(error: unknown): string {
  const failure = error as NodeJS.ErrnoException & { port?: number };
  const words = advice[failure?.code ?? ""];
  const place = failure?.path ?? failure?.port?.toString();
  return words && place ? words(place) : String(failure?.message ?? error);
}
